/** Where cluster addresses come from: the ServiceCIDR objects, or the server's own ranges until it has made its object. */
import type { IpFamily, ServiceCIDR } from "@berth/api";
import type { ResourceCache } from "../../store/objects.ts";
import { type AddressRange, addressRange } from "./address-range.ts";

/** Name of the object that the server makes of its own ranges. */
export const DEFAULT_RANGE = "kubernetes";

export interface ServiceRanges {
	/** Those that addresses may be taken from, the server's own first. */
	list(): readonly AddressRange[];
	/** Those of the ranges, in the same order. */
	families(): readonly IpFamily[];
}

/** `own`: `10.96.0.0/16`, for two families separated by a comma. */
export function serviceRanges(cidrs: ResourceCache<ServiceCIDR>, own: string): ServiceRanges {
	const defaults = rangesOf(own.split(","));
	let seen: readonly unknown[] = [];
	let ranges = defaults;
	const list = () => {
		const present = cidrs.list();
		const isSame = present.length === seen.length && present.every((cached, index) => cached === seen[index]);
		if (!isSame) {
			seen = present;
			ranges = usable(present.map(({ object }) => object));
		}
		return present.length ? ranges : defaults;
	};
	const usable = (objects: readonly ServiceCIDR[]) => {
		const isOwn = ({ metadata }: ServiceCIDR) => metadata.name === DEFAULT_RANGE;
		const ordered = [...objects.filter(isOwn), ...objects.filter((object) => !isOwn(object))];
		const made = objects.some(isOwn) ? [] : defaults;
		return [
			...made,
			...ordered
				.filter(({ metadata }) => !metadata.deletionTimestamp)
				.flatMap(({ spec }) => rangesOf(spec.cidrs ?? [])),
		];
	};
	return { list, families: () => [...new Set(list().map(({ family }) => family))] };
}

const rangesOf = (cidrs: readonly string[]): AddressRange[] =>
	cidrs.flatMap((cidr) => addressRange(cidr.trim()) ?? []);
