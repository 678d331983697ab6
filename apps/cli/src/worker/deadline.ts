/** Watches that something goes on happening. */
export interface Deadline {
  /** Something happened: time starts anew, with another length where one is given. */
  extend(milliseconds?: number): void;
  end(): void;
}

/** Calls `onMissed` once when nothing happened for so long; 0: never. */
export function createDeadline(milliseconds: number, onMissed: () => void): Deadline {
  let timer: NodeJS.Timeout | undefined;
  let length = milliseconds;
  const deadline: Deadline = {
    extend(newLength) {
      clearTimeout(timer);
      length = newLength ?? length;
      timer = length === 0 ? undefined : setTimeout(onMissed, length);
    },
    end: () => clearTimeout(timer),
  };
  deadline.extend();
  return deadline;
}
