/** A model that is published as a file inside a Python wheel. */
export interface WheelModel {
  /** What a person calls it. */
  readonly title: string;
  readonly fileName: string;
  readonly bytes: number;
  /** Of the model file, in lower-case hex. */
  readonly sha256: string;
  readonly wheel: {
    /** Name of the Python package. */
    readonly project: string;
    readonly version: string;
    /** Path of the model inside the wheel. */
    readonly entry: string;
    /** Size of the wheel, from which progress is told. */
    readonly bytes: number;
  };
}
