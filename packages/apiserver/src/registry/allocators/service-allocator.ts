/** Cluster addresses and node ports of services. */
import {
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
import { type AddressRange, addressRange } from "./address-range.ts";
import type { Allocator } from "./allocator.ts";
import { addressBand, pick, portBand } from "./pick.ts";
import { withFamilies } from "./service-families.ts";
import { inherit, isHeadless, needsHealthPort, needsNodePort } from "./service-inheritance.ts";

export interface ServiceAllocatorOptions {
	readonly services: ResourceCache<Service>;
	/** `10.96.0.0/16`. */
	readonly addresses: string;
	/** Both inclusive. */
	readonly nodePorts: { readonly first: number; readonly last: number };
	/** Uniform in [0, 1). */
	readonly random: () => number;
}

/** What a request under way has chosen and the cache does not show yet. */
interface Reservation {
	/** Key of the service. */
	readonly owner: string;
	readonly addresses: Set<string>;
	readonly ports: Set<number>;
}

export function createServiceAllocator(options: ServiceAllocatorOptions): Allocator {
	const range = addressRange(options.addresses);
	const reservations = new Set<Reservation>();
	return {
		kind: Service,
		allocate: (object: KubeObject, old) => {
			const service = withFamilies(inherit(object as Service, old as Service | undefined));
			const owner = keyOf(service);
			const reservation: Reservation = { owner, addresses: new Set(), ports: new Set() };
			const choice = new Choice({
				...options,
				range,
				service,
				reservation,
				old: (old as Service | undefined)?.spec,
				others: [...reservations].filter((other) => other.owner !== owner),
			});
			const allocated = { ...service, spec: choice.complete() };
			// Only now: a choice that failed reserves nothing.
			reservations.add(reservation);
			return { object: allocated, [Symbol.dispose]: () => void reservations.delete(reservation) };
		},
	};
}

interface ChoiceOptions extends ServiceAllocatorOptions {
	readonly range: AddressRange;
	readonly service: Service;
	readonly old: ServiceSpec | undefined;
	readonly reservation: Reservation;
	readonly others: readonly Reservation[];
}

/** The choices for one service. */
class Choice {
	readonly #options: ChoiceOptions;
	/** Taken by other services, stored or on their way. */
	readonly #addresses = new Set<string>();
	readonly #ports = new Set<number>();

	constructor(options: ChoiceOptions) {
		this.#options = options;
		for (const { key, object } of options.services.list()) {
			if (key === options.reservation.owner) continue;
			for (const address of addressesOf(object.spec)) this.#addresses.add(address);
			for (const port of portsOf(object.spec)) this.#ports.add(port);
		}
		for (const other of options.others) {
			for (const address of other.addresses) this.#addresses.add(address);
			for (const port of other.ports) this.#ports.add(port);
		}
	}

	complete(): ServiceSpec {
		const spec = this.#withAddresses(this.#options.service.spec);
		const ported = needsNodePort(spec) ? this.#withNodePorts(spec) : spec;
		return needsHealthPort(ported) ? this.#withHealthPort(ported) : ported;
	}

	#withAddresses(spec: ServiceSpec): ServiceSpec {
		if (spec.type === "ExternalName" || isHeadless(spec)) return spec;
		const kept = new Set(addressesOf(this.#options.old));
		const clusterIPs = (spec.ipFamilies ?? []).map((_family, index) => {
			const wanted = spec.clusterIPs?.[index] ?? "";
			if (!wanted) return this.#anyAddress();
			if (!kept.has(wanted)) this.#claimAddress(wanted);
			this.#options.reservation.addresses.add(wanted);
			return wanted;
		});
		const [clusterIP = ""] = clusterIPs;
		return { ...spec, clusterIP, clusterIPs };
	}

	#anyAddress(): string {
		const { range, random, reservation } = this.#options;
		const isTaken = (index: number) => this.#addresses.has(range.addressAt(index));
		const index = pick({ size: range.size, band: addressBand(range.size), isTaken, random });
		if (index === undefined) throw internalError("failed to allocate a serviceIP: range is full");
		const address = range.addressAt(index);
		reservation.addresses.add(address);
		return address;
	}

	#claimAddress(address: string): void {
		const { range, service } = this.#options;
		const problem =
			range.indexOf(address) === undefined
				? `the provided IP (${address}) is not in the valid range. The range of valid IPs is ${range.text}`
				: this.#addresses.has(address) && "provided IP is already allocated";
		if (!problem) return;
		const detail = `failed to allocate IP ${address}: ${problem}`;
		throw this.#invalid("spec.clusterIPs", service.spec.clusterIPs, detail);
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
