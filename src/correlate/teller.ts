import { limits } from "../bytes/limits.ts";
import type { Around } from "./around.ts";
import type { Client } from "./client.ts";
import type { HostWish } from "./host-wish.ts";
import { inOrderOfFrames } from "./order.ts";
import { settle } from "./settle.ts";
import type { ClientStories } from "./stories.ts";
import { tellClient } from "./stories.ts";
import type { Story } from "./story.ts";
import { type Load, WeakPool } from "./weak-pool.ts";
import type { World } from "./world.ts";

/** Takes a story, and the bytes that the messages of its evidence hold. */
export type TellStory = (story: Story, weight: number) => void;

/** A client that has left, and the world as it was then. */
interface Leaving {
  readonly client: Client;
  readonly around: Around;
}

/**
 * Tells the stories of clients that leave, in the order in which they left.
 *
 * They wait for one another, up to `limits.toldTogether` of them with `limits.evidencePerClient` frames and messages of
 * `limits.clientBytes`: the code of all stages and the tables that they use are fetched once for all of them, not once for each.
 */
export class Teller {
  private readonly leaving: Leaving[] = [];
  /** Frames of the evidence of those that wait, and bytes of its messages. */
  private frames = 0;
  private weight = 0;
  private readonly weak: WeakPool;
  private readonly tell: TellStory;
  private readonly wish: HostWish;
  private readonly world: World;

  constructor(tell: TellStory, wish: HostWish, world: World) {
    this.world = world;
    this.tell = tell;
    this.wish = wish;
    this.weak = new WeakPool((story) => tell(story, 0), wish, world.marks);
  }

  leave(client: Client): void {
    if (!client.hasEvidence && this.wish.isEmpty && this.isCounted()) return;
    this.leaving.push({ client, around: this.world.around(client) });
    this.frames += client.frames;
    this.weight += client.weight;
    if (this.isFull) this.tellLeaving();
  }

  private get isFull(): boolean {
    if (this.leaving.length >= limits.toldTogether || this.frames >= limits.evidencePerClient) return true;
    return this.weight >= limits.clientBytes;
  }

  /** A client with too much evidence tells what is over and keeps the rest. */
  relieve(client: Client): void {
    this.tellLeaving();
    const load = loadOf(client);
    const stories = tellClient(client, this.world.around(client), !this.wish.isEmpty);
    this.tellAll(client, stories, settle(client, stories.told), load);
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
    this.weight = 0;
  }

  private tellOf(client: Client, around: Around): void {
    const stories = tellClient(client, around, !this.wish.isEmpty);
    this.tellAll(client, stories, stories.told, loadOf(client));
  }

  private tellAll(client: Client, stories: ClientStories, told: readonly Story[], load: Load): void {
    const each = load.weight / (told.length || 1);
    for (const story of inOrderOfFrames(told)) if (this.wish.accepts(story)) this.tell(story, each);
    if (stories.told.length > 0) this.weak.seen(client.client, stories.told);
    this.weak.add(client.client, stories.candidates, load);
  }
}

function loadOf({ size, weight }: Client): Load {
  return { pieces: size, weight };
}
