import { limits } from "./bytes/limits.ts";
import { Latest } from "./latest.ts";
import type { Sequence, Step } from "./model/report.ts";

/** The programs that sent or received the frames that completed a message, where the capture knows them. */
export class Processes {
  private readonly byFrame = new Latest<number, string>(limits.processFrames);

  note(frame: number, process: string): void {
    this.byFrame.set(frame, process);
  }

  /** The sequence with the program beside each step and, as far as its own frames tell, beside the client. */
  beside(sequence: Sequence): Sequence {
    if (this.byFrame.size === 0) return sequence;
    const steps = sequence.steps.map((step) => this.besideStep(step));
    const own = steps.filter(({ process, from }) => process !== undefined && from === sequence.client.address);
    // The program that speaks to the service says more than the one that fetches tickets for all.
    const process = (own.find(({ step }) => step === 7 || step === 3) ?? own[0])?.process;
    return { ...sequence, steps, client: { ...sequence.client, ...(process === undefined ? {} : { process }) } };
  }

  private besideStep(step: Step): Step {
    const process = typeof step.frame === "number" ? this.byFrame.get(step.frame) : undefined;
    return process === undefined ? step : { ...step, process };
  }
}
