import type { Message } from "../../../dissectors/registry.ts";
import type { Connection } from "../../model/connection.ts";
import type { Observation } from "../../model/observation.ts";
import type { Kind } from "../../model/steps.ts";
import type { ServiceExchange } from "../evidence.ts";
import type { Leg } from "../legs.ts";

/**
 * What the judge must know of a protocol in which users log on; one row of the table in `services/index.ts` each.
 *
 * A service reads its messages as attempts (what is the anonymous request, the challenge, the token, the answer) and
 * says what is peculiar to it; binding, judging and telling know attempts and nothing of protocols.
 */
export interface Service {
  /** Kind of its sequences. */
  readonly kind: Kind;
  /** Protocols of its requests and responses. */
  readonly protocols: readonly Message["protocol"][];
  /** Service classes of the SPNs that its clients ask for, lower case; classes that no row names fit every service. */
  readonly spnClasses: readonly string[];
  /** A connection to one of these ports that failed was meant for it; those that no row names were meant for HTTP. */
  readonly ports: readonly number[];
  /** Its port under TLS; null: any. Undefined: it does not speak TLS. */
  readonly tlsPorts?: readonly number[] | null;
  /** The first request of a connection may carry a token already: then nobody asked for it. */
  readonly mayStartWithToken: boolean;
  /** Its requests name the service as the user does; where they do not, any name of the address may be meant. */
  readonly namesItsHost: boolean;
  /** It answers clients that never log on: a connection without a login is no failure. */
  readonly servesAnybody: boolean;
  /** `end`: a response, unless the answer has begun already. Null: a message that is neither (an interim response). */
  sideOf(message: Message): "request" | "response" | "end" | null;
  /** Belongs to a login itself, and not to what is done with it. */
  isOfLogin(message: Message): boolean;
  /** The message alone shows that somebody wants to log on. */
  showsLogin(message: Message): boolean;
  /** A response with which a login may end well, whatever it then says of the thing asked for. */
  isSuccess(message: Message): boolean;
  /** A response after which the client may try again. */
  isRefusal(message: Message): boolean;
  /** Of the connection's requests that wait for one, in their order, the one that a response answers. */
  answeredBy(response: Observation, waiting: readonly ServiceExchange[]): ServiceExchange | null;
  /** The logins of one connection. */
  legsOf(connection: Connection, exchanges: readonly ServiceExchange[]): Leg[];
  /** Both ask for the very same thing. */
  isSameRequest(one: ServiceExchange, other: ServiceExchange): boolean;
  /** `later` tries again what `earlier` tried; both are legs of this service. */
  isRepeated(earlier: Leg, later: Leg): boolean;
  /** Of two legs that repeat one another at least one of these is the same. */
  repeatKeys(leg: Leg): readonly string[];
}
