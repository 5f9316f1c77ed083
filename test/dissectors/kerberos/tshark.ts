import { spawnSync } from "node:child_process";
import { bytesOf } from "./messages.ts";

/** What tshark reads of one Kerberos message: the fields that are compared. */
export interface Reading {
  readonly frame: string;
  readonly bytes: Uint8Array;
  readonly errorCode: number | null;
  readonly realm: string | null;
  readonly crealm: string | null;
  readonly cname: string | null;
  readonly sname: string | null;
  readonly etypes: readonly number[] | null;
  readonly padata: readonly number[];
}

export function tsharkIsThere(): boolean {
  return spawnSync("tshark", ["-v"]).status === 0;
}

export function tsharkReadings(capture: string): Reading[] {
  const args = ["-r", capture, "-Y", "kerberos", "-T", "json", "-x", "--no-duplicate-keys"];
  const { stdout } = spawnSync("tshark", args, { maxBuffer: 1 << 28, encoding: "utf8" });
  const packets: unknown = JSON.parse(stdout);
  return list(packets).flatMap((packet) => {
    const layers = get(get(packet, "_source"), "layers");
    return found(layers, String(get(get(layers, "frame"), "frame.number")));
  });
}

/** Every `kerberos` layer, however deep, with the raw bytes beside it. */
function found(within: unknown, frame: string): Reading[] {
  if (Array.isArray(within)) return within.flatMap((item) => found(item, frame));
  if (typeof within !== "object" || within === null) return [];
  return Object.entries(within).flatMap(([key, value]) => {
    if (key !== "kerberos_raw") return found(value, frame);
    const raws = Array.isArray(value) && Array.isArray(value[0]) ? value : [value];
    const layers = list(get(within, "kerberos"));
    return raws.map((raw: unknown, i) => reading(frame, String(list(raw)[0]), layers[i]));
  });
}

function reading(frame: string, digits: string, layer: unknown): Reading {
  const key = Object.keys(typeof layer === "object" && layer !== null ? layer : {}).find((name) =>
    /^kerberos\.(as|tgs|ap)_re[qp]_element$|^kerberos\.krb_error_element$/.test(name),
  );
  const top = get(layer, key ?? "");
  const body = get(top, "kerberos.req_body_element") ?? top;
  const error = get(top, "kerberos.error_code");
  const padata = list(
    get(get(top, "kerberos.padata_tree") ?? get(top, "kerberos.e_data_tree"), "kerberos.PA_DATA_element"),
  );
  const etypes = get(get(body, "kerberos.kdc-req-body.etype_tree"), "kerberos.ENCTYPE");
  const whole = bytesOf(digits);
  return {
    frame,
    bytes: whole[0] === 0 ? whole.subarray(4) : whole,
    errorCode: error === undefined ? null : Number(error),
    realm: text(get(body, "kerberos.realm")),
    crealm: text(get(body, "kerberos.crealm")),
    cname: name(body, "cname", "CNameString"),
    sname: name(body, "sname", "SNameString"),
    etypes: etypes === undefined ? null : list(etypes).map(Number),
    padata: padata.map((item) => Number(get(item, "kerberos.padata_type"))),
  };
}

function name(body: unknown, field: string, leaf: string): string | null {
  const element = get(body, `kerberos.${field}_element`);
  if (element === undefined) return null;
  const parts = list(get(get(element, `kerberos.${field}_string_tree`), `kerberos.${leaf}`));
  return parts.join("/");
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function list(value: unknown): unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

function get(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Object.entries(value).find(([k]) => k === key)?.[1] : undefined;
}
