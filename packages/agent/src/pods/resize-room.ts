/** What the pods of a host leave for one of them that asks for more, and whose turn it is. */
import type { Node, Pod } from "@berth/api";
import type { HostRules } from "./host-rules.ts";
import { byUrgency, obstacleTo, type Pending, type RoomFor } from "./resize-allocation.ts";

export interface Room {
	/** Why this pod cannot have what it now asks for. */
	obstacle(wanted: Pod): Pending | undefined;
	/** A pod has gone, or has other resources than before. */
	changed(): void;
}

/** What it has to know of each pod here, by uid. */
interface Tenant {
	readonly pod: Pod;
	readonly active: boolean;
	/** The pod as it would be if there were room for what it asks for. */
	readonly waiting: Pod | undefined;
	wake(): void;
}

export interface RoomOptions {
	readonly tenants: ReadonlyMap<string, Tenant>;
	readonly node: () => Node | undefined;
	readonly rules: () => HostRules;
}

export function createRoom({ tenants, node, rules }: RoomOptions): Room {
	const roomFor = ({ metadata: { uid } }: Pod, known: Node): RoomFor => {
		const others = [...tenants].filter(([other, { active }]) => active && other !== uid);
		return { node: known, others: others.map(([, { pod }]) => pod), rules: rules() };
	};
	const waiting = () =>
		[...tenants.values()].flatMap((tenant) =>
			tenant.active && tenant.waiting ? [{ tenant, wanted: tenant.waiting }] : [],
		);
	return {
		obstacle(wanted) {
			const known = node();
			if (!known) return undefined;
			const obstacle = obstacleTo(wanted, roomFor(wanted, known));
			if (obstacle) return obstacle;
			const first = waiting().find(
				({ wanted: other }) => byUrgency(other, wanted) < 0 && !obstacleTo(other, roomFor(other, known)),
			);
			return first && { reason: "Deferred", message: "Pods of higher priority are resized first" };
		},
		changed() {
			for (const { tenant } of waiting()) tenant.wake();
		},
	};
}
