/** Cells that volumes and claims print alike. */
import type { KubeObject } from "../../machinery/meta.ts";
import { canonicalQuantity } from "../../machinery/quantity.ts";

const SHORT: readonly (readonly [mode: string, short: string])[] = [
	["ReadWriteOnce", "RWO"],
	["ReadOnlyMany", "ROX"],
	["ReadWriteMany", "RWX"],
	["ReadWriteOncePod", "RWOP"],
];

/** `RWO,RWX`. */
export const formatAccessModes = (modes: readonly string[] | undefined): string =>
	SHORT.filter(([mode]) => modes?.includes(mode))
		.map(([, short]) => short)
		.join(",");

export const canonical = (quantity: string | undefined): string => canonicalQuantity(quantity ?? "0");

interface Stored extends KubeObject {
	readonly spec: { readonly storageClassName?: string | undefined };
	readonly status?: { readonly phase?: string | undefined } | undefined;
}

export const volumePhase = ({ metadata, status }: Stored): string =>
	metadata.deletionTimestamp ? "Terminating" : (status?.phase ?? "");

/** Before classes had a field they were told by an annotation, which still counts. */
export const storageClassOf = ({ metadata, spec }: Stored): string =>
	metadata.annotations?.["volume.beta.kubernetes.io/storage-class"] ?? spec.storageClassName ?? "";
