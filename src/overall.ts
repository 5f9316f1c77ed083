import type { OverallVerdict, Sequence } from "./model/report.ts";

/** The verdict on a whole capture, from its sequences as they pass: `report-contract`, top level. */
export class OverallJudge {
  private diverged = false;
  private ok = false;
  private open = false;
  private any = false;

  add(sequence: Pick<Sequence, "kind" | "verdict" | "outcome">): void {
    this.any = true;
    if (sequence.verdict === "diverged") this.diverged = true;
    else if (sequence.verdict === "ok") this.ok = true;
    else if (sequence.kind !== "ticket" || sequence.outcome !== "kerberos") this.open = true;
  }

  get verdict(): OverallVerdict {
    if (this.diverged) return "diverged";
    if (this.ok && !this.open) return "ok";
    return this.any ? "incomplete" : "none";
  }
}
