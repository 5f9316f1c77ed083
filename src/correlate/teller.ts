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

/** Tells the stories of clients that leave, and keeps what may become one in the pool. */
export class Teller {
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
    const stories = this.storiesOf(client);
    this.tellAll(client, stories, stories.told, loadOf(client));
  }

  /** A client with too much evidence tells what is over and keeps the rest. */
  relieve(client: Client): void {
    const load = loadOf(client);
    const stories = this.storiesOf(client);
    this.tellAll(client, stories, settle(client, stories.told), load);
  }

  /** There is no room for another failure. */
  get isFull(): boolean {
    return this.weak.isFull;
  }

  /** Something failed that nobody need hear of; false: there is room for it yet. */
  isCounted(): boolean {
    if (!this.isFull) return false;
    this.weak.count();
    return true;
  }

  /** Returns how many weak candidates were not promoted. */
  end(): number {
    return this.weak.end();
  }

  private storiesOf(client: Client): ClientStories {
    return tellClient(client, this.world.around(client), !this.wish.isEmpty);
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
