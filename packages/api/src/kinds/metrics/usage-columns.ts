/** CPU, MEMORY and WINDOW, as metrics-server prints them. */
import type { Column } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { formatQuantity, parseQuantity, type QuantityFormat } from "../../machinery/quantity.ts";

/** What does not say is nothing used. */
type Usage = Readonly<Record<string, string>> | undefined;

export function usageColumns<T extends KubeObject & { readonly window: string }>(
	usages: (object: T) => readonly Usage[],
): readonly Column<T>[] {
	const sum = (object: T, resource: string, format: QuantityFormat) => {
		const nano = usages(object).map((usage) => parseQuantity(usage?.[resource] ?? "0"));
		return formatQuantity(
			nano.reduce((total, each) => total + each, 0n),
			format,
		);
	};
	return [
		{
			name: "cpu",
			description: "Processors used, in cores.",
			value: (object) => sum(object, "cpu", "DecimalSI"),
		},
		{
			name: "memory",
			description: "Working set, in bytes.",
			value: (object) => sum(object, "memory", "BinarySI"),
		},
		{ name: "window", description: "Time over which it was measured.", value: ({ window }) => window },
	];
}
