import type { StartLine } from "../../../dissectors/http/index.ts";
import { limits } from "../../bytes/limits.ts";

const NONE: string[] = [];

/** Methods of the requests that were not answered yet: HEAD and CONNECT decide what follows their response. */
export class Pending {
  private methods = NONE;

  /** Remembers a request; false where there are too many and all are forgotten. */
  request(method: string): boolean {
    if (this.methods.length === 0) this.methods = [method];
    else this.methods.push(method);
    if (this.methods.length <= limits.pipelinedRequests) return true;
    this.methods = NONE;
    return false;
  }

  /** The method that a response answers, null where its request was not seen; 1xx leaves it waiting. */
  answeredBy(line: StartLine & { kind: "response" }): string | null {
    const [first = null, second] = this.methods;
    if (line.status >= 200 && first !== null) {
      if (second === undefined) this.methods = NONE;
      else this.methods.shift();
    }
    return first;
  }

  get isEmpty(): boolean {
    return this.methods.length === 0;
  }

  forget(): void {
    this.methods = NONE;
  }
}
