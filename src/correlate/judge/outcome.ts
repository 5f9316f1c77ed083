import type { Outcome } from "../../model/report.ts";
import type { Attempt } from "../attempts.ts";

/** How the client ended up, by the last answer that the service gave it. */
export function outcomeOf(attempts: readonly Attempt[]): Outcome {
  const answered = attempts.findLast((a) => a.answer !== "none" && a.answer !== "lost");
  if (!answered) return attempts.some((a) => a.answer === "lost") ? "unknown" : "none";
  switch (answered.answer) {
    case "challenge":
    case "continue":
    case "refused":
    case "too-large":
      return "refused";
    case "server-error":
      return "unknown";
    default:
      return accepted(answered, attempts);
  }
}

function accepted(attempt: Attempt, attempts: readonly Attempt[]): Outcome {
  if (attempt.token === "none") return withoutToken(attempt, attempts);
  return attempt.acceptedAs ?? (attempt.completed && attempts.some((a) => a.apReq) ? "kerberos" : "unknown");
}

/** A connection stays authenticated; content without any credentials is anonymous. */
function withoutToken(attempt: Attempt, attempts: readonly Attempt[]): Outcome {
  const connection = attempt.exchange.connection;
  const earlier = attempts.find(
    (a) => a.exchange.connection === connection && a.answer === "accepted" && a.token !== "none",
  );
  return earlier ? accepted(earlier, attempts) : (attempt.acceptedAs ?? "unknown");
}
