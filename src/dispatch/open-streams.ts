import { Turnover } from "../bytes/turnover.ts";
import type { Connection } from "../model/connection.ts";
import { HttpStream } from "./framing/http.ts";
import { type HttpStreams, RestingHttp } from "./framing/http-streams.ts";
import type { Stream } from "./framing/stream.ts";

/** What is read of each connection; of the many between two messages of HTTP, next to nothing is kept. */
export class OpenStreams {
  private readonly https: HttpStreams;
  /** By the number of the connection: as keys of a table, connections that are over would be kept. */
  private readonly all = new Turnover<number, Stream | RestingHttp>();

  constructor(https: HttpStreams) {
    this.https = https;
  }

  set(connection: Connection, stream: Stream): void {
    this.all.add(connection.id, stream);
  }

  get(connection: Connection): Stream | undefined {
    const known = this.all.get(connection.id);
    if (!(known instanceof RestingHttp)) return known;
    const stream = this.https.wake(connection, known);
    this.all.replace(connection.id, stream);
    return stream;
  }

  /** To be called when a stream has read what there was. */
  rest(connection: Connection, stream: Stream): void {
    if (!(stream instanceof HttpStream)) return;
    const resting = this.https.rest(stream);
    if (resting !== null) this.all.replace(connection.id, resting);
  }

  /** Nothing more will come. */
  finish(connection: Connection): void {
    const known = this.all.get(connection.id);
    if (known === undefined) return;
    if (!(known instanceof RestingHttp)) known.finish();
    this.all.delete(connection.id);
  }
}
