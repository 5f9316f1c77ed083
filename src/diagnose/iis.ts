/** IIS keeps its tool where no PATH leads; cmd and PowerShell both take it by its full name. */
const APPCMD = "C:\\Windows\\System32\\inetsrv\\appcmd.exe";

type Section = "windowsAuthentication" | "anonymousAuthentication";

/** A command that shows how a site authenticates. */
export function showSection(section: Section): string {
  return `${APPCMD} list config "<site>" -section:${section}`;
}

/** A command that changes it: `/enabled:true`. */
export function setSection(section: Section, setting: string): string {
  return `${APPCMD} set config "<site>" -section:${section} ${setting} /commit:apphost`;
}
