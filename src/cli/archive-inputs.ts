import { limits } from "../bytes/limits.ts";
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
  try {
    const members = await membersOf(await archives[archive.kind](), ranges, tell);
    for (const member of members) {
      // Whoever opens them all refuses so many.
      if (captures.length > limits.captures) break;
      const { coding } = member;
      const input = new PackedInput(`${path}/${member.name}`, originOf(member, archive), report);
      const answer = coding.kind === "unreadable" ? coding.why : await input.holdsCapture();
      if (answer === true) captures.push(input);
      else if (answer !== false) tell({ text: `${input.name}: ${answer}` });
    }
  } finally {
    ranges.close();
  }
  const [first] = captures;
  if (first === undefined) return complaint(path, archive.kind, problems);
  for (const problem of problems) first.report(problem);
  return captures;
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
