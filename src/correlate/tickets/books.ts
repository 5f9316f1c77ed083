import type { AsReq, TgsReq, Ticket } from "../../../dissectors/kerberos/message.ts";
import type { Observation } from "../../model/observation.ts";
import { isCompleted, isContinuation } from "../attempts.ts";
import type { KdcExchange, ServiceExchange } from "../evidence.ts";
import type { Service } from "../services/service.ts";
import { KeyBook } from "./keys.ts";
import { issueIn, Lineage } from "./lineage.ts";
import { offersAes, WeakEtypes } from "./weak-etypes.ts";

/** What is remembered of tickets over the whole capture and all of its clients. */
export class TicketBooks {
  readonly lineage: Lineage;
  readonly keys = new KeyBook();
  readonly weak = new WeakEtypes();

  /** A random number for hash tables. */
  constructor(seed: number) {
    this.lineage = new Lineage(seed);
  }

  asked(request: Observation<AsReq | TgsReq>): void {
    this.weak.asked(request);
  }

  /** A KDC's reply, with its request where the capture holds it. */
  replied(exchange: KdcExchange): void {
    const issue = issueIn(exchange);
    if (issue === null) return;
    this.lineage.issued(issue);
    this.keys.issued(issue, offersAes(exchange.request));
    this.weak.replied(exchange);
  }

  /** A message to a service, of whatever protocol. */
  sent(o: Observation): void {
    const ticket = ticketIn(o);
    if (ticket === null) return;
    this.lineage.presented(ticket, o);
    this.keys.presented(ticket, o.frame, o.src);
  }

  /** The service's answer to it. */
  answered({ request, response }: ServiceExchange, service: Service): void {
    const ticket = request && ticketIn(request);
    if (!ticket || !response) return;
    const how = howAnswered(response, service);
    if (how === null) return;
    const { frame, src, dst } = response;
    this.keys.answered(ticket, how, { frame, by: dst, at: src, code: errorIn(response) });
  }
}

function ticketIn({ inside }: Observation): Ticket | null {
  for (const message of inside) if (message.kind === "AP-REQ") return message.ticket;
  return null;
}

function errorIn({ inside }: Observation): number | null {
  for (const message of inside) if (message.kind === "KRB-ERROR") return message.errorCode;
  return null;
}

/** Null: the answer leaves it open (a further leg, a failure of the server's own). */
function howAnswered(response: Observation, service: Service): "accepted" | "refused" | null {
  const { message, inside } = response;
  if (errorIn(response) !== null) return "refused";
  if (isCompleted(inside)) return "accepted";
  if (isContinuation(inside)) return null;
  const isSuccess = service.isSuccess(message);
  return isSuccess === service.isRefusal(message) ? null : isSuccess ? "accepted" : "refused";
}
