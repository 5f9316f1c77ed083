/** Input that could not be read as it should: told to the user, never thrown. */
export interface Problem {
  readonly text: string;
  readonly frame?: number;
  /** Byte offset in the (decompressed) capture. */
  readonly offset?: number;
}

export type ProblemSink = (problem: Problem) => void;
