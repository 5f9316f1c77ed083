const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const USUAL = /(\d{1,2})[ -]([A-Za-z]{3})[ -](\d{4}|\d{2}) (\d{2}):(\d{2}):(\d{2})/;
const ASCTIME = /([A-Za-z]{3}) +(\d{1,2}) (\d{2}):(\d{2}):(\d{2}) (\d{4})/;

let lastText = "";
let lastSeconds: number | null = null;

/** Seconds since 1970 of an HTTP date in any of its three forms (RFC 9110 5.6.7); null where it is none. */
export function readDate(text: string): number | null {
  // Servers state the same second many times.
  if (text !== lastText) {
    lastSeconds = parse(text);
    lastText = text;
  }
  return lastSeconds;
}

function parse(text: string): number | null {
  const usual = USUAL.exec(text);
  if (usual !== null) {
    const [, day, month = "", year = "", hour, minute, second] = usual;
    return seconds([fullYear(year), month, day, hour, minute, second]);
  }
  const [, month = "", day, hour, minute, second, year] = ASCTIME.exec(text) ?? [];
  return seconds([Number(year), month, day, hour, minute, second]);
}

type Parts = readonly [year: number, month: string, ...rest: readonly (string | undefined)[]];

function seconds([year, monthName, day, hour, minute, second]: Parts): number | null {
  const month = MONTHS.indexOf(monthName.toLowerCase());
  if (month < 0) return null;
  const time = Date.UTC(year, month, Number(day), Number(hour), Number(minute), Number(second)) / 1000;
  return Number.isFinite(time) ? time : null;
}

/** Two digits are of RFC 850: years from 70 on are of the last century. */
function fullYear(year: string): number {
  if (year.length === 4) return Number(year);
  return Number(year) + (Number(year) < 70 ? 2000 : 1900);
}
