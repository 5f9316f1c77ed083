import { limits } from "../bytes/limits.ts";
import { isTraceName } from "../capture/unpack/archive/cabinet.ts";
import type { Member } from "../capture/unpack/archive/member.ts";
import type { Problem } from "../model/problem.ts";
import { archives, contentOf, membersOf } from "./archive.ts";
import type { Input, InputProblemSink } from "./input.ts";
import type { Origin } from "./origin.ts";
import { type FoundArchive, PackedInput } from "./packed-input.ts";
import { stretchOf } from "./ranges.ts";

/** The captures in an archive, in its order, known by their content; a sentence of complaint where there is none. */
export async function capturesIn(
  archive: FoundArchive,
  path: string,
  report: InputProblemSink,
): Promise<readonly Input[] | string> {
  const problems = [...archive.problems];
  const tell = (problem: Problem) => problems.push(problem);
  const ranges = archive.open();
  const captures: PackedInput[] = [];
  const looks = new Looks();
  try {
    const members = await membersOf(await archives[archive.kind](), ranges, tell);
    for (const member of members) {
      // Whoever opens them all refuses so many.
      if (captures.length > limits.captures) break;
      if (!looks.isWorthwhile(member)) continue;
      const { coding } = member;
      const input = new PackedInput(`${path}/${member.name}`, originOf(member, archive), report);
      const answer = coding.kind === "unreadable" ? coding.why : await input.holdsCapture();
      if (answer === true) captures.push(input);
      else if (answer !== false) tell({ text: `${isPrivate(member) ? `a file in ${path}` : input.name}: ${answer}` });
    }
  } finally {
    ranges.close();
  }
  const [first] = captures;
  if (first === undefined) return complaint(path, archive.kind, [...problems, ...looks.problems()]);
  for (const problem of problems) first.report(problem);
  return captures;
}

function isPrivate({ name, coding }: Member): boolean {
  return coding.kind === "cabinet" && !isTraceName(name);
}

/** What it costs to look into the files of a cabinet: each lies behind the ones before it, which are unpacked first. */
class Looks {
  private unpacked = 0;
  private left = 0;

  isWorthwhile({ name, coding }: Member): boolean {
    if (coding.kind !== "cabinet") return true;
    const cost = this.unpacked + coding.from;
    if (cost > (isTraceName(name) ? limits.inflatedBytes : limits.archiveLookBytes)) {
      this.left++;
      return false;
    }
    this.unpacked = cost;
    return true;
  }

  /** To be told where nothing was found: of what `netsh trace stop` leaves, only the trace is of interest. */
  problems(): Problem[] {
    if (this.left === 0) return [];
    return [{ text: `some of its files (${this.left}) lie too deep in it to be looked at; unpack it with expand` }];
  }
}

function originOf(member: Member, { kind, within, open }: FoundArchive): Origin {
  const { at, packedSize, coding } = member;
  return {
    size: packedSize,
    within: [...within, kind],
    isMetered: coding.kind !== "stored",
    stream: (unpacking) => contentOf(open(), member, unpacking),
    ranges: coding.kind === "stored" ? () => stretchOf(open(), at, packedSize) : null,
  };
}

function complaint(path: string, kind: string, [first]: readonly Problem[]): string {
  const why = first === undefined ? "" : `: ${first.text}`;
  return `${path}: there is no capture in this ${kind} archive${why}`;
}
