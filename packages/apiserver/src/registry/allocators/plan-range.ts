/** What a ServiceCIDR should look like: held while its addresses are in use, and telling whether it can be used. Pure. */
import { deepEqual, formatTime, type ServiceCIDR } from "@berth/api";
import { type AddressRange, addressRange } from "./address-range.ts";

export const FINALIZER = "networking.k8s.io/service-cidr-finalizer";
const IN_USE =
	"There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR";

export interface RangeState {
	readonly cidr: ServiceCIDR;
	readonly others: readonly ServiceCIDR[];
	/** Every IPAddress. */
	readonly addresses: () => readonly string[];
	/** Milliseconds. */
	readonly now: number;
}

/** The object as it should be; the same object when nothing is to be done. */
export function planRange({ cidr, others, addresses, now }: RangeState): ServiceCIDR {
	if (!cidr.metadata.deletionTimestamp) return withReady(withFinalizer(cidr), "True", "", READY, now);
	const mine = rangesOf(cidr);
	const elsewhere = others.filter(({ metadata }) => !metadata.deletionTimestamp).flatMap(rangesOf);
	const isHeld = addresses().some((address) => holds(mine, address) && !holds(elsewhere, address));
	return isHeld ? withReady(cidr, "False", "Terminating", IN_USE, now) : withoutFinalizer(cidr);
}

const READY = "Kubernetes Service CIDR is ready";

const rangesOf = ({ spec }: ServiceCIDR): AddressRange[] =>
	(spec.cidrs ?? []).flatMap((text) => addressRange(text) ?? []);

const holds = (ranges: readonly AddressRange[], address: string) =>
	ranges.some((range) => range.contains(address));

function withFinalizer(cidr: ServiceCIDR): ServiceCIDR {
	const { finalizers = [] } = cidr.metadata;
	if (finalizers.includes(FINALIZER)) return cidr;
	return { ...cidr, metadata: { ...cidr.metadata, finalizers: [...finalizers, FINALIZER] } };
}

function withoutFinalizer(cidr: ServiceCIDR): ServiceCIDR {
	const { finalizers = [] } = cidr.metadata;
	if (!finalizers.includes(FINALIZER)) return cidr;
	return {
		...cidr,
		metadata: { ...cidr.metadata, finalizers: finalizers.filter((name) => name !== FINALIZER) },
	};
}

function withReady(
	cidr: ServiceCIDR,
	status: "True" | "False",
	reason: string,
	message: string,
	now: number,
): ServiceCIDR {
	const { conditions = [] } = cidr.status ?? {};
	const old = conditions.find(({ type }) => type === "Ready");
	const isSame = old?.status === status;
	const ready = {
		type: "Ready",
		status,
		reason,
		message,
		lastTransitionTime: (isSame && old.lastTransitionTime) || formatTime(now),
	};
	if (deepEqual(ready, old)) return cidr;
	const rest = conditions.filter(({ type }) => type !== "Ready");
	return { ...cidr, status: { ...cidr.status, conditions: [...rest, ready] } };
}
