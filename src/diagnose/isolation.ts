import { limits } from "../bytes/limits.ts";
import type { Finding, FrameRef, Sequence } from "../model/report.ts";
import { asCommand } from "./command.ts";
import { shellWord } from "./words.ts";

/** What is remembered of the login of one client at one service of a host. */
interface Login {
  readonly id: string;
  readonly kind: Sequence["kind"];
  readonly client: string;
  readonly user: string | undefined;
  readonly service: string;
  readonly divergedAt: number | null;
  readonly frames: readonly FrameRef[];
}

interface Pair {
  worked: Login | null;
  failed: Login | null;
}

const KINDS: ReadonlySet<Sequence["kind"]> = new Set(["http", "smb", "ldap"]);
/** Steps that say something of the service, and not of the way to it. */
const FIRST_STEP = 4;

/** What the working login clears, and what is left to suspect, by the step at which the other was left. */
const SUSPECTS: Readonly<Record<number, string>> = {
  4: "that service is not set up for Windows authentication, the other one is",
  5: "the client wants no Kerberos for that service: its zone or allow list, credentials given for it, another name in the address",
  6: "the SPN of that service alone: cifs/ and host/ are covered by the computer's own SPNs, HTTP/ on a service account is not",
  7: "the program that speaks to that service",
  8: "that service runs as another account than the one whose key opens the other's tickets, or has an old keytab",
};

/**
 * The same client at the same host: where one service works with Kerberos and another does not, network, name, KDC,
 * TGT and clocks are cleared. Remembers at most `limits.isolatedHosts` pairs of client and host.
 */
export class Isolation {
  private readonly pairs = new Map<string, Pair>();

  add(sequence: Sequence): void {
    const { kind, verdict, outcome, divergedAt, client, service } = sequence;
    if (!KINDS.has(kind) || service.address === undefined) return;
    const isWorking = verdict === "ok" && outcome === "kerberos";
    const isFailing = divergedAt !== null && divergedAt >= FIRST_STEP;
    if (!isWorking && !isFailing) return;
    const pair = this.pairOf(`${client.address} ${service.address}`);
    if (pair === null) return;
    if (isWorking) pair.worked ??= loginOf(sequence);
    else if (pair.failed === null || pair.failed.kind === pair.worked?.kind) pair.failed = loginOf(sequence);
  }

  findings(): Finding[] {
    return [...this.pairs.values()].flatMap(({ worked, failed }) => {
      return worked && failed && isComparable(worked, failed) ? [tell(worked, failed)] : [];
    });
  }

  /** Null beyond the limit. */
  private pairOf(key: string): Pair | null {
    const known = this.pairs.get(key);
    if (known) return known;
    if (this.pairs.size >= limits.isolatedHosts) return null;
    const pair = { worked: null, failed: null };
    this.pairs.set(key, pair);
    return pair;
  }
}

/** Another user has another TGT. */
function isComparable(worked: Login, failed: Login): boolean {
  const isSameUser = worked.user === undefined || failed.user === undefined || worked.user === failed.user;
  return worked.kind !== failed.kind && isSameUser;
}

function loginOf({ id, kind, client, service, divergedAt, steps, findings }: Sequence): Login {
  const proof = divergedAt === null ? steps.find((step) => step.id === "ap-rep")?.frames : findings[0]?.frames;
  const name = service.spn ?? service.host ?? service.address ?? "";
  return {
    id,
    kind,
    client: client.address,
    user: client.user,
    service: name,
    divergedAt,
    frames: (proof ?? []).slice(-2),
  };
}

function tell(worked: Login, failed: Login): Finding {
  const suspect = SUSPECTS[failed.divergedAt ?? 0];
  const frames = [...worked.frames, ...failed.frames].filter((frame) => typeof frame === "number");
  return {
    rule: "isolation",
    severity: "info",
    step: null,
    title: "One service of the host works with Kerberos, another does not",
    detail: `${worked.client} logged on to ${worked.service} (${worked.id}); ${failed.service} (${failed.id}), at the same address, was left at step ${failed.divergedAt}. The network, the KDC, the client's TGT and the clocks are in order: look at that service.`,
    frames,
    filter: frames.map((frame) => `frame.number == ${frame}`).join(" || "),
    causes: suspect === undefined ? [] : [suspect],
    confirm: [asCommand(`setspn -Q ${shellWord(failed.service)}`)],
    fix: [],
  };
}
