import type { Connection } from "../../model/connection.ts";
import type { Outlet } from "../outlet.ts";
import type { Waiting } from "./gather.ts";
import { HttpStream } from "./http.ts";
import { HttpSides } from "./http-side.ts";

/** What remains of connections between messages, of any number of them. */
export class RestingHttp {
  /** Something of the connection was complained of: nothing more will be. */
  readonly told: boolean;

  constructor(told: boolean) {
    this.told = told;
  }
}

const QUIET = new RestingHttp(false);
const TOLD = new RestingHttp(true);

/** Opens streams of HTTP; one that is between messages lends itself to another connection. */
export class HttpStreams {
  private readonly outlet: Outlet;
  private readonly sides: HttpSides;
  private spare: HttpStream | null = null;

  constructor(outlet: Outlet, waiting: Waiting) {
    this.outlet = outlet;
    this.sides = new HttpSides(waiting);
  }

  open(connection: Connection): HttpStream {
    const spare = this.spare;
    if (spare === null) return new HttpStream(this.outlet, this.sides, connection);
    this.spare = null;
    spare.begin(connection);
    return spare;
  }

  /** What stands for the stream until more of its connection comes; null: it is in the middle of something. */
  rest(stream: HttpStream): RestingHttp | null {
    if (!stream.isAtRest) return null;
    this.spare = stream;
    return stream.told ? TOLD : QUIET;
  }

  wake(connection: Connection, resting: RestingHttp): HttpStream {
    const stream = this.open(connection);
    stream.goOnAfter(resting.told);
    return stream;
  }
}
