import type { LinkFacts, Seal, Tunnel } from "../model/link-facts.ts";
import type { Bounds, Obstacle, TellOnce } from "./packet.ts";
import { Twins } from "./twins.ts";

/** Counts what links and tunnels held that could not be read, and what was taken out of tunnels. */
export class LinkTally implements LinkFacts {
  readonly undecoded = new Map<number, number>();
  readonly sealed = new Map<Seal, { count: number; readonly frames: number[] }>();
  readonly tunnels = new Map<Tunnel, number>();
  readonly twins: Twins;
  readonly #bounds: Bounds;
  readonly #tell: TellOnce;

  constructor(bounds: Bounds, tell: TellOnce) {
    this.#bounds = bounds;
    this.twins = new Twins(bounds);
    this.#tell = tell;
  }

  foreign(linkType: number): void {
    this.undecoded.set(linkType, (this.undecoded.get(linkType) ?? 0) + 1);
  }

  obstacle(obstacle: Obstacle, frame: number): void {
    if (obstacle !== "depth") this.#seal(obstacle, frame);
    else
      this.#tell(
        `More than ${this.#bounds.encapsulation} tags, tunnels or extension headers around a packet; such packets are not read.`,
        frame,
      );
  }

  tunnel(tunnel: Tunnel): void {
    this.tunnels.set(tunnel, (this.tunnels.get(tunnel) ?? 0) + 1);
  }

  #seal(seal: Seal, frame: number): void {
    const known = this.sealed.get(seal);
    if (known === undefined) {
      this.sealed.set(seal, { count: 1, frames: [frame] });
      return;
    }
    known.count += 1;
    if (known.frames.length < this.#bounds.framesPerStep) known.frames.push(frame);
  }
}
