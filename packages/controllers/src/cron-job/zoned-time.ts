/** Moments as a time zone writes them. Pure. */

/** `2026-01-02T12:00:00+09:00`; in UTC with a `Z`. */
export function formatZoned(time: number, timeZone = "UTC"): string {
	const name = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" })
		.formatToParts(time)
		.find(({ type }) => type === "timeZoneName")?.value;
	const offset = /^GMT([+-])(\d\d):(\d\d)/.exec(name ?? "");
	const text = (moment: number) => new Date(moment).toISOString().slice(0, 19);
	if (!offset) return `${text(time)}Z`;
	const [, sign = "+", hours = "0", minutes = "0"] = offset;
	const shift = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === "-" ? -1 : 1);
	return shift === 0 ? `${text(time)}Z` : `${text(time + shift)}${sign}${hours}:${minutes}`;
}

/** `Fri, 02 Jan 2026 03:00:00 +0000`, as events tell of times (RFC 1123 with a number for the zone). */
export const formatMailDate = (time: number): string => new Date(time).toUTCString().replace("GMT", "+0000");
