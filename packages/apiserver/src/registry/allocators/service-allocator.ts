/** Cluster addresses and node ports of services. */
import {
	canonicalIp,
	familyOfAddress,
	internalError,
	invalid,
	invalidValue,
	type KubeObject,
	keyOf,
	Service,
	type ServicePort,
	type ServiceSpec,
} from "@berth/api";
import type { ResourceCache } from "../../store/objects.ts";
import type { AddressBook } from "./address-book.ts";
import type { Allocator } from "./allocator.ts";
import { addressBand, pick, portBand } from "./pick.ts";
import { withFamilies, withoutSecond } from "./service-families.ts";
import { inherit, isHeadless, needsHealthPort, needsNodePort } from "./service-inheritance.ts";
import type { ServiceRanges } from "./service-ranges.ts";

export interface ServiceAllocatorOptions {
	readonly services: ResourceCache<Service>;
	readonly ranges: ServiceRanges;
	readonly book: AddressBook;
	/** Both inclusive. */
	readonly nodePorts: { readonly first: number; readonly last: number };
	/** Uniform in [0, 1). */
	readonly random: () => number;
}

/** What a request under way has chosen and the cache does not show yet. */
interface Reservation {
	/** Key of the service. */
	readonly owner: string;
	readonly ports: Set<number>;
}

export function createServiceAllocator(options: ServiceAllocatorOptions): Allocator {
	const { book, ranges } = options;
	const reservations = new Set<Reservation>();
	return {
		kind: Service,
		allocate: (object: KubeObject, old) => {
			const before = (old as Service | undefined)?.spec;
			const inherited = inherit(object as Service, old as Service | undefined);
			const single = { ...inherited, spec: withoutSecond(inherited.spec, before) };
			const service = withFamilies(single, ranges.families());
			const owner = keyOf(service);
			const reservation: Reservation = { owner, ports: new Set() };
			const choice = new Choice({
				...options,
				service,
				reservation,
				old: before,
				others: [...reservations].filter((other) => other.owner !== owner),
			});
			const allocated = { ...service, spec: choice.complete() };
			// Only now: a choice that failed reserves nothing.
			reservations.add(reservation);
			const { chosen } = choice;
			for (const address of chosen) book.reserve(address);
			const claimed: string[] = [];
			let kept = false;
			return {
				object: allocated,
				claim: async () => {
					for (const address of chosen) {
						if (!(await book.record(address, allocated))) throw choice.taken(address);
						claimed.push(address);
					}
				},
				keep: () => {
					kept = true;
				},
				[Symbol.asyncDispose]: async () => {
					reservations.delete(reservation);
					for (const address of chosen) book.giveUp(address);
					if (!kept) for (const address of claimed) await book.release(address);
				},
			};
		},
	};
}

interface ChoiceOptions extends ServiceAllocatorOptions {
	readonly service: Service;
	readonly old: ServiceSpec | undefined;
	readonly reservation: Reservation;
	readonly others: readonly Reservation[];
}

/** The choices for one service. */
class Choice {
	readonly #options: ChoiceOptions;
	/** Taken by other services, stored or on their way; gathered only for those that need ports. */
	#taken: Set<number> | undefined;
	/** Addresses that the service does not have yet. */
	readonly chosen: string[] = [];

	constructor(options: ChoiceOptions) {
		this.#options = options;
	}

	get #ports(): Set<number> {
		this.#taken ??= this.#portsOfOthers();
		return this.#taken;
	}

	#portsOfOthers(): Set<number> {
		const { services, reservation, others } = this.#options;
		const stored = services.list().filter(({ key }) => key !== reservation.owner);
		return new Set([
			...stored.flatMap(({ object }) => portsOf(object.spec)),
			...others.flatMap(({ ports }) => [...ports]),
		]);
	}

	complete(): ServiceSpec {
		const spec = this.#withAddresses(this.#options.service.spec);
		const ported = needsNodePort(spec) ? this.#withNodePorts(spec) : spec;
		return needsHealthPort(ported) ? this.#withHealthPort(ported) : ported;
	}

	#withAddresses(spec: ServiceSpec): ServiceSpec {
		if (spec.type === "ExternalName" || isHeadless(spec)) return spec;
		const kept = new Set(addressesOf(this.#options.old));
		const clusterIPs = (spec.ipFamilies ?? []).map((family, index) => {
			const wanted = spec.clusterIPs?.[index] ?? "";
			if (kept.has(wanted)) return wanted;
			const address = wanted ? this.#wantedAddress(wanted) : this.#anyAddress(family);
			this.chosen.push(address);
			return address;
		});
		const [clusterIP = ""] = clusterIPs;
		return { ...spec, clusterIP, clusterIPs };
	}

	#isTaken(address: string): boolean {
		return this.chosen.includes(address) || this.#options.book.isTaken(address);
	}

	#anyAddress(family: string): string {
		const { ranges, random } = this.#options;
		for (const range of ranges.list()) {
			if (range.family !== family) continue;
			const isTaken = (index: number) => this.#isTaken(range.addressAt(index));
			const index = pick({ size: range.size, band: addressBand(range.size), isTaken, random });
			if (index !== undefined) return range.addressAt(index);
		}
		throw internalError("failed to allocate a serviceIP: range is full");
	}

	#wantedAddress(text: string): string {
		const address = canonicalIp(text) ?? text;
		const ranges = this.#options.ranges.list().filter(({ family }) => family === familyOfAddress(address));
		if (!ranges.some((range) => range.contains(address))) {
			const valid = ranges.map((range) => range.text).join(", ");
			throw this.#refusal(
				address,
				`the provided IP (${address}) is not in the valid range. The range of valid IPs is ${valid}`,
			);
		}
		if (this.#isTaken(address)) throw this.taken(address);
		return address;
	}

	taken(address: string) {
		return this.#refusal(address, "provided IP is already allocated");
	}

	#refusal(address: string, problem: string) {
		const { clusterIPs } = this.#options.service.spec;
		return this.#invalid("spec.clusterIPs", clusterIPs, `failed to allocate IP ${address}: ${problem}`);
	}

	#withNodePorts(spec: ServiceSpec): ServiceSpec {
		const kept = new Set(portsOf(this.#options.old));
		const ports: ServicePort[] = [];
		(spec.ports ?? []).forEach((port, index) => {
			const wanted = port.nodePort || sharedNodePort(port, [...ports, ...(spec.ports ?? [])]);
			if (!wanted && spec.type === "LoadBalancer" && spec.allocateLoadBalancerNodePorts === false) {
				ports.push(port);
				return;
			}
			if (wanted && !kept.has(wanted)) this.#claimPort(wanted, `spec.ports[${index}].nodePort`);
			const nodePort = wanted || this.#anyPort("nodePort");
			this.#options.reservation.ports.add(nodePort);
			ports.push({ ...port, nodePort });
		});
		return { ...spec, ports };
	}

	#withHealthPort(spec: ServiceSpec): ServiceSpec {
		const wanted = spec.healthCheckNodePort;
		if (wanted && wanted !== this.#options.old?.healthCheckNodePort) {
			this.#claimPort(wanted, "spec.healthCheckNodePort");
		}
		const healthCheckNodePort = wanted || this.#anyPort("HealthCheck NodePort");
		this.#options.reservation.ports.add(healthCheckNodePort);
		return { ...spec, healthCheckNodePort };
	}

	#anyPort(what: string): number {
		const { nodePorts, random, reservation } = this.#options;
		const size = nodePorts.last - nodePorts.first + 1;
		const isTaken = (index: number) =>
			this.#ports.has(nodePorts.first + index) || reservation.ports.has(nodePorts.first + index);
		const index = pick({ size, band: portBand(size), isTaken, random });
		if (index === undefined) throw internalError(`failed to allocate a ${what}: range is full`);
		return nodePorts.first + index;
	}

	#claimPort(port: number, field: string): void {
		const { first, last } = this.#options.nodePorts;
		if (port < first || port > last) {
			throw this.#invalid(
				field,
				port,
				`provided port is not in the valid range. The range of valid ports is ${first}-${last}`,
			);
		}
		if (this.#ports.has(port)) throw this.#invalid(field, port, "provided port is already allocated");
	}

	#invalid(field: string, value: unknown, detail: string) {
		const { name } = this.#options.service.metadata;
		return invalid({ resource: Service.kind }, name, [invalidValue(field, value, detail)]);
	}
}

/** One node port serves the same port in several protocols. */
function sharedNodePort(port: ServicePort, ports: readonly ServicePort[]): number | undefined {
	const same = ports.find(
		(other) => other.port === port.port && other.protocol !== port.protocol && other.nodePort,
	);
	return same?.nodePort;
}

const addressesOf = (spec: ServiceSpec | undefined): readonly string[] =>
	(spec?.clusterIPs ?? []).filter((address) => address !== "None" && address !== "");

const portsOf = (spec: ServiceSpec | undefined): readonly number[] =>
	[...(spec?.ports ?? []).map((port) => port.nodePort ?? 0), spec?.healthCheckNodePort ?? 0].filter(Boolean);
