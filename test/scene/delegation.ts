import { ticket } from "./kerberos.ts";
import { CLIENT, HOST, type IssueWish, type Scene, SPN, scene, WEB } from "./scene.ts";
import { krb5, windowsApRep } from "./tokens.ts";

/** A web server that goes on to a back-end for its user, as the frames of scenes. */

export const BACK_HOST = "backend.contoso.com";
export const BACK_END = `HTTP/${BACK_HOST}`;
export const BACK = "192.168.2.150";
/** The account that runs the web server. */
export const ACCOUNT = "iissvc";
/** The computer's account of the web server, and its own TGT. */
export const COMPUTER = "IISSERVER$";
export const computersTgt = () => ticket("krbtgt/CONTOSO.COM", { issue: 2 });

const IIS = "Server: Microsoft-IIS/10.0";

export interface LoginWish {
  /** Bytes of the encrypted authenticator; one with a forwarded TGT in it has more than a thousand. */
  readonly proof?: number;
  /** The KDC's side of the login is in the capture; true unless told otherwise. */
  readonly asks?: boolean;
}

/** John's login at the web server, up to his token; the answer to it comes when the web server is done. */
export function atFront({ proof, asks = true }: LoginWish = {}): Scene {
  const s = scene().dns(HOST, WEB).get("/").header(IIS).reply(401, "Negotiate", "NTLM");
  const withTicket = asks ? s.tgs(SPN, { over: "tcp" }) : s;
  const token = krb5(SPN, { offer: "windows", ...(proof === undefined ? {} : { proof }) });
  return withTicket.get("/", token).client(WEB, ACCOUNT);
}

/** The web server answers John. */
export const frontAnswers = (s: Scene, status = 500): Scene =>
  s.client(CLIENT, "John").header(IIS).reply(status, windowsApRep()).close();

/** The web server's account gets a ticket to itself in John's name. */
export const transition = (s: Scene, wish: IssueWish = {}): Scene =>
  s.tgs(ACCOUNT, { over: "tcp", forUser: "John", cname: "John", ...wish });
/** What that ticket is as evidence. */
export const transitioned = () => ticket(ACCOUNT);

/** The web server asks the back-end for a page and is challenged. */
export const atBack = (s: Scene): Scene =>
  s.dns(BACK_HOST, BACK).server(BACK).host(BACK_HOST).get("/data").header(IIS).reply(401, "Negotiate", "NTLM");

/** kdc-options forwarded, forwardable, renewable, canonicalize. */
const FORWARDED = 0x60810000;
/** The TGT that John hands over. */
export const johnsTgt = () => ticket("krbtgt/CONTOSO.COM", { issue: 3 });
/** Bytes of an authenticator with a TGT in it. */
export const WITH_TGT = 1_666;

/** John gets a TGT to hand over, and logs on with it at the web server. */
export const handingOver = (act: (s: Scene) => Scene = (s) => s.issued({ issue: 3 })): Scene => {
  const s = scene().dns(HOST, WEB).get("/").header(IIS).reply(401, "Negotiate", "NTLM").tgs(SPN, { over: "tcp" });
  return act(s.tgsReq("krbtgt/CONTOSO.COM", { over: "tcp", options: FORWARDED }));
};
export const withTgt = (s: Scene): Scene =>
  s.get("/", krb5(SPN, { offer: "windows", proof: WITH_TGT })).client(WEB, ACCOUNT);
