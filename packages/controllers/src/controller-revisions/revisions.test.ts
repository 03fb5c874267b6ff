import { type ControllerRevision, type PodTemplateSpec, StatefulSet } from "@berth/api";
import test from "ava";
import { statefulSet } from "../statefulset/fixtures.ts";
import { atRevision, expendable, isOfTemplate, planRevisions, revisionData } from "./revisions.ts";

const template = (image: string): PodTemplateSpec => ({
	metadata: { labels: { app: "web" } },
	spec: { containers: [{ name: "c", image }], terminationGracePeriodSeconds: 5 },
});
const revision = (number: number, image: string, data?: unknown): ControllerRevision => ({
	apiVersion: "apps/v1",
	kind: "ControllerRevision",
	metadata: {
		name: `web-${number}`,
		namespace: "default",
		uid: `uid-${number}`,
		resourceVersion: "1",
		creationTimestamp: "2026-01-01T00:00:00Z",
	},
	data: data ?? revisionData(template(image)),
	revision: number,
});
const numbers = (revisions: readonly ControllerRevision[]) => revisions.map((each) => each.revision);

test("a revision is a patch that puts the template in its place, its keys in order", (t) => {
	t.is(
		JSON.stringify(revisionData(template("i:1"))),
		'{"spec":{"template":{"$patch":"replace","metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"image":"i:1","name":"c"}],"terminationGracePeriodSeconds":5}}}}',
	);
});

test("a set goes back to its revision, and to nothing else", (t) => {
	const set = statefulSet({ template: template("i:2"), replicas: 7 });
	const back = atRevision(StatefulSet, set, revision(1, "i:1"));
	t.deepEqual(back.spec.template, template("i:1"));
	t.is(back.spec.replicas, 7);
});

test("the present template is found again, whoever wrote it down", (t) => {
	const older = { spec: { template: { ...template("i:1"), $patch: "replace" } } };
	const withNull = {
		spec: {
			template: { ...older.spec.template, metadata: { creationTimestamp: null, labels: { app: "web" } } },
		},
	};
	t.true(isOfTemplate(revision(1, "", older), template("i:1")));
	t.true(isOfTemplate(revision(1, "", withNull), template("i:1")));
	t.false(isOfTemplate(revision(1, "i:1"), template("i:2")));
});

test("a new template is numbered after the newest; an old one comes back with a new number", (t) => {
	const all = [revision(3, "i:3"), revision(1, "i:1"), revision(2, "i:2")];
	const fresh = planRevisions(template("i:4"), all);
	t.like(fresh, { current: undefined, number: 4 });
	t.deepEqual(numbers(fresh.old), [1, 2, 3]);
	t.like(planRevisions(template("i:3"), all), { current: all[0], number: 3 });
	t.like(planRevisions(template("i:1"), all), { current: all[1], number: 4 });
	t.like(planRevisions(template("i:1"), []), { current: undefined, number: 1 });
});

test("revisions beyond the limit go, the oldest first, but none that pods still have", (t) => {
	const old = [1, 2, 3, 4].map((number) => revision(number, `i:${number}`));
	const live = (each: ControllerRevision) => each.revision === 1;
	t.deepEqual(numbers(expendable(old, 2, () => false)), [1, 2]);
	t.deepEqual(numbers(expendable(old, 2, live)), [2, 3]);
	t.deepEqual(numbers(expendable(old, 0, live)), [2, 3, 4]);
	t.deepEqual(numbers(expendable(old, 10, live)), []);
});
