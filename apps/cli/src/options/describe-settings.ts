/** A setting of an engine, in words. */
export interface DescribedSetting {
  readonly name: string;
  readonly type: string;
  /** Empty where there is none. */
  readonly default: string;
  readonly meaning: string;
}

interface SettingSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly SettingSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
  readonly description?: string;
}

/** The settings of an adapter's JSON Schema, in its order. */
export function describeSettings(schema: Readonly<Record<string, unknown>>): DescribedSetting[] {
  const properties = (schema["properties"] ?? {}) as Readonly<Record<string, SettingSchema>>;
  const required = (schema["required"] ?? []) as readonly string[];
  return Object.entries(properties).map(([name, setting]) => ({
    name,
    type: describeType(setting),
    default: required.includes(name) ? "(needed)" : describeDefault(setting),
    meaning: [setting.description, describeChoice(setting), describeRange(setting)].filter(Boolean).join(" "),
  }));
}

function describeType(setting: SettingSchema): string {
  if (setting.enum !== undefined) return "choice";
  const types = [setting, ...(setting.anyOf ?? [])].flatMap((one) => one.type ?? []);
  return types.length === 0 ? "text" : types.map((type) => (type === "string" ? "text" : type)).join(" or ");
}

function describeDefault({ default: value }: SettingSchema): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function describeChoice(setting: SettingSchema): string {
  return setting.enum === undefined ? "" : `One of ${setting.enum.map(String).join(", ")}.`;
}

function describeRange(setting: SettingSchema): string {
  const [minimum, maximum] = [setting.minimum, setting.maximum].map(tellingBound);
  if (minimum === undefined) return maximum === undefined ? "" : `At most ${maximum}.`;
  return maximum === undefined ? `At least ${minimum}.` : `From ${minimum} to ${maximum}.`;
}

/** Schema tools bound every whole number by what a number can hold exactly: nobody set that. */
function tellingBound(bound: number | undefined): number | undefined {
  return bound === undefined || Math.abs(bound) === Number.MAX_SAFE_INTEGER ? undefined : bound;
}
