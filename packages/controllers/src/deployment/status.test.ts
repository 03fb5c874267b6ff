import type { Deployment } from "@berth/api";
import test from "ava";
import { deployment, replicaSet } from "./fixtures.ts";
import { deadlineIn, deploymentStatus } from "./status.ts";

const NOW = Date.parse("2026-01-01T01:00:00Z");
const condition = (status: Deployment["status"], type: string) =>
	status?.conditions?.find((condition) => condition.type === type);

test("counts leave zeros out and conditions follow availability", (t) => {
	const current = replicaSet({ image: "web:1", replicas: 3 });
	const status = deploymentStatus(deployment(), { current, old: [], createdCurrent: false }, NOW);
	t.is(status.availableReplicas, 3);
	t.false("unavailableReplicas" in status);
	t.is(condition(status, "Available")?.reason, "MinimumReplicasAvailable");
	t.is(condition(status, "Progressing")?.reason, "NewReplicaSetAvailable");
	t.is(condition(status, "Progressing")?.message, 'ReplicaSet "web-web-1" has successfully progressed.');
});

test("a rollout that does not move times out, and says so once", (t) => {
	const current = replicaSet({ image: "web:1", replicas: 3, available: 0 });
	const sets = { current, old: [], createdCurrent: false };
	const slow = deployment({ progressDeadlineSeconds: 60 });
	const first = deploymentStatus(slow, { ...sets, createdCurrent: true }, NOW);
	t.is(condition(first, "Progressing")?.reason, "NewReplicaSetCreated");
	t.is(deadlineIn(slow, first, NOW), 61_000);
	const waiting = { ...slow, status: first };
	t.is(condition(deploymentStatus(waiting, sets, NOW + 59_000), "Progressing")?.status, "True");
	const late = deploymentStatus(waiting, sets, NOW + 61_000);
	t.is(condition(late, "Progressing")?.reason, "ProgressDeadlineExceeded");
	t.is(deadlineIn(slow, late, NOW + 61_000), undefined);
	const later = deploymentStatus({ ...slow, status: late }, sets, NOW + 90_000);
	t.deepEqual(later, late);
});

test("a status computed twice is the same", (t) => {
	const sets = {
		current: replicaSet({ image: "web:1", replicas: 3, available: 1 }),
		old: [],
		createdCurrent: false,
	};
	const first = deploymentStatus(deployment(), sets, NOW);
	t.deepEqual(deploymentStatus({ ...deployment(), status: first }, sets, NOW + 5_000), first);
});
