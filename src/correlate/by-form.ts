interface Named {
  host: string;
}

/**
 * Things with the name of a host, found by any form of it: `web` is a form of `web.contoso.com`, see `isFormOf`.
 *
 * A client may ask for thousands of names, so that comparing each with all is out of the question.
 */
export class ByForm<T extends Named> {
  private readonly items: T[] = [];
  /** Places in `items`: of the first with this host, and of the first with this host or one that goes on behind a dot. */
  private readonly byHost = new Map<string, number>();
  private readonly byBeginning = new Map<string, number>();

  constructor(items: readonly T[]) {
    for (const item of items) this.add(item);
  }

  /** The first whose host is a form of `name`, or the other way round. */
  find(name: string): T | undefined {
    let first = this.byBeginning.get(name) ?? this.items.length;
    for (let dot = name.indexOf("."); dot >= 0; dot = name.indexOf(".", dot + 1)) {
      first = Math.min(first, this.byHost.get(name.slice(0, dot)) ?? first);
    }
    return this.items[first];
  }

  add(item: T): void {
    this.items.push(item);
    this.note(item.host, this.items.length - 1);
  }

  /** One that was found gets a shorter form of its host, as which it is found from now on. */
  shorten(item: T, host: string): void {
    const at = this.byHost.get(item.host);
    if (at === undefined || this.items[at] !== item) return;
    this.byHost.delete(item.host);
    item.host = host;
    this.note(host, at);
  }

  private note(host: string, at: number): void {
    noteFirst(this.byHost, host, at);
    noteFirst(this.byBeginning, host, at);
    for (let dot = host.indexOf("."); dot >= 0; dot = host.indexOf(".", dot + 1)) {
      noteFirst(this.byBeginning, host.slice(0, dot), at);
    }
  }
}

function noteFirst(places: Map<string, number>, name: string, at: number): void {
  const known = places.get(name);
  if (known === undefined || at < known) places.set(name, at);
}
