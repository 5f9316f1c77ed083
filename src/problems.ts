import { limits } from "./bytes/limits.ts";
import type { Problem } from "./model/problem.ts";
import type { ReportProblem } from "./model/report.ts";

/** Problems in order, the first `limits.problems` one by one, the rest as a number. */
export class ProblemList {
  private readonly kept: ReportProblem[] = [];
  private readonly told: (problem: ReportProblem) => void;
  private omitted = 0;

  constructor(told: (problem: ReportProblem) => void = () => {}) {
    this.told = told;
  }

  /** A problem of this capture, in whose numbers its frame is. */
  add(problem: Problem, capture = 0): void {
    if (this.kept.length >= limits.problems) {
      this.omitted += 1;
      return;
    }
    const placed = { ...problem, capture };
    this.kept.push(placed);
    this.told(placed);
  }

  list(): ReportProblem[] {
    const problems: ReportProblem[] = [...this.kept];
    if (this.omitted > 0) problems.push({ text: `${this.omitted} more problems of these kinds`, capture: 0 });
    return problems;
  }
}
