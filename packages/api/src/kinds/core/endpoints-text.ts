/** Addresses in a table cell: the first three, and how many more. */
import type { Endpoints } from "./endpoints.ts";

const SHOWN = 3;

/** `10.244.0.2:80,10.244.1.3:80 + 4 more...`, or `<none>` without subsets. */
export function endpointsText({ subsets }: Endpoints): string {
	if (!subsets?.length) return "<none>";
	return firstOf(
		subsets.flatMap(({ addresses = [], ports = [] }) =>
			ports.length === 0
				? addresses.map(({ ip }) => ip)
				: ports.flatMap(({ port }) =>
						addresses.map(({ ip }) => `${ip?.includes(":") ? `[${ip}]` : ip}:${port}`),
					),
		),
	);
}

/** The first few of a list, joined by commas. */
export function firstOf(texts: readonly string[]): string {
	const head = texts.slice(0, SHOWN).join(",");
	return texts.length > SHOWN ? `${head} + ${texts.length - SHOWN} more...` : head;
}
