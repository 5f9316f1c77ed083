import { limits } from "../bytes/limits.ts";
import type { Around } from "./around.ts";
import type { Client } from "./client.ts";
import type { HostWish } from "./host-wish.ts";
import { inOrderOfFrames } from "./order.ts";
import { settle } from "./settle.ts";
import type { ClientStories } from "./stories.ts";
import { tellClient } from "./stories.ts";
import type { Story } from "./story.ts";
import { WeakPool } from "./weak-pool.ts";
import type { World } from "./world.ts";

/** A client that has left, and the world as it was then. */
interface Leaving {
  readonly client: Client;
  readonly around: Around;
}

/**
 * Tells the stories of clients that leave, in the order in which they left.
 *
 * They wait for one another, up to `limits.toldTogether` of them with `limits.evidencePerClient` frames: the code of
 * all stages and the tables that they use are fetched once for all of them, not once for each.
 */
export class Teller {
  private readonly leaving: Leaving[] = [];
  /** Frames of the evidence of those that wait. */
  private frames = 0;
  private readonly weak: WeakPool;
  private readonly tell: (story: Story) => void;
  private readonly wish: HostWish;
  private readonly world: World;

  constructor(tell: (story: Story) => void, wish: HostWish, world: World) {
    this.world = world;
    this.tell = tell;
    this.wish = wish;
    this.weak = new WeakPool(tell, wish, world.marks);
  }

  leave(client: Client): void {
    if (!client.hasEvidence && this.wish.isEmpty && this.isCounted()) return;
    this.leaving.push({ client, around: this.world.around(client) });
    this.frames += client.frames;
    if (this.leaving.length >= limits.toldTogether || this.frames >= limits.evidencePerClient) this.tellLeaving();
  }

  /** A client with too much evidence tells what is over and keeps the rest. */
  relieve(client: Client): void {
    this.tellLeaving();
    const { size } = client;
    const stories = tellClient(client, this.world.around(client), !this.wish.isEmpty);
    this.tellAll(client, stories, settle(client, stories.told), size);
  }

  /** Something failed that nobody need hear of; false: there is room for it yet. */
  isCounted(): boolean {
    if (!this.weak.isFull) return false;
    this.weak.count();
    return true;
  }

  /** Returns how many weak candidates were not promoted. */
  end(): number {
    this.tellLeaving();
    return this.weak.end();
  }

  private tellLeaving(): void {
    for (const { client, around } of this.leaving) this.tellOf(client, around);
    this.leaving.length = 0;
    this.frames = 0;
  }

  private tellOf(client: Client, around: Around): void {
    const { size } = client;
    const stories = tellClient(client, around, !this.wish.isEmpty);
    this.tellAll(client, stories, stories.told, size);
  }

  private tellAll(client: Client, stories: ClientStories, told: readonly Story[], evidence: number): void {
    for (const story of inOrderOfFrames(told)) if (this.wish.accepts(story)) this.tell(story);
    if (stories.told.length > 0) this.weak.seen(client.client, stories.told);
    this.weak.add(client.client, stories.candidates, evidence);
  }
}
