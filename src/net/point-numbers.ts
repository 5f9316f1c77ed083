import type { Bounds, TellOnce } from "./packet.ts";

const UNKNOWN = -1;

/** Numbers the points at which packets were seen from 0 on: as captures number them they would not fit into a hash. */
export class PointNumbers {
  readonly #bounds: Bounds;
  readonly #tell: TellOnce;
  readonly #numbers = new Map<number, number>();
  #lastPoint = UNKNOWN;
  #lastNumber = UNKNOWN;

  constructor(bounds: Bounds, tell: TellOnce) {
    this.#bounds = bounds;
    this.#tell = tell;
  }

  /** -1 where there are too many. */
  of(point: number, frame: number): number {
    if (point === this.#lastPoint) return this.#lastNumber;
    const number = this.#numbers.get(point) ?? this.#add(point, frame);
    this.#lastPoint = point;
    this.#lastNumber = number;
    return number;
  }

  #add(point: number, frame: number): number {
    const number = this.#numbers.size;
    if (number >= this.#bounds.comparedPoints) {
      this.#tell(
        `More than ${this.#bounds.comparedPoints} points show packets: packets of the rest are not compared with others.`,
        frame,
      );
      return UNKNOWN;
    }
    this.#numbers.set(point, number);
    return number;
  }
}
