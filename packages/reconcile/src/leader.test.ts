import { Lease, silentLogger } from "@berth/api";
import { createClient, createFakeServer } from "@berth/client";
import { createFakeClock } from "@berth/testing";
import test, { type ExecutionContext } from "ava";
import { runLeader } from "./leader.ts";

const lease = { namespace: "kube-system", name: "job" };

function setUp() {
	const server = createFakeServer();
	const clock = createFakeClock();
	const leading = new Set<string>();
	const history: string[] = [];
	const candidate = (t: ExecutionContext, identity: string) => {
		const stop = new AbortController();
		const running = runLeader({
			client: createClient(server),
			clock,
			log: silentLogger,
			signal: stop.signal,
			identity,
			lease,
			lead: async (signal) => {
				t.is(leading.size, 0, `${identity} and ${[...leading]} lead at once`);
				leading.add(identity);
				history.push(identity);
				await new Promise<void>((resolve) => {
					if (signal.aborted) resolve();
					else signal.addEventListener("abort", () => resolve(), { once: true });
				});
				leading.delete(identity);
			},
		});
		const end = async () => {
			stop.abort();
			await running;
		};
		t.teardown(end);
		return { end };
	};
	const held = () => server.objects<Lease>(Lease)[0]?.spec;
	return { server, clock, leading, history, candidate, held };
}

test("one of two leads, and renews", async (t) => {
	const { clock, leading, history, candidate, held } = setUp();
	candidate(t, "a");
	candidate(t, "b");
	await clock.advance(60_000);
	t.is(leading.size, 1);
	t.is(history.length, 1);
	t.like(held(), { holderIdentity: history[0], leaseDurationSeconds: 15, leaseTransitions: 0 });
	t.is(held()?.renewTime?.slice(0, 16), new Date(clock.now()).toISOString().slice(0, 16));
});

test("stopping hands the lease over without waiting for it to run out", async (t) => {
	const { clock, history, candidate, held } = setUp();
	const a = candidate(t, "a");
	await clock.advance(0);
	candidate(t, "b");
	await clock.advance(5_000);
	await a.end();
	t.is(held()?.holderIdentity, "");
	await clock.advance(2_000);
	t.deepEqual(history, ["a", "b"]);
	t.like(held(), { holderIdentity: "b", leaseTransitions: 1 });
});

test("a leader that cannot renew steps down before another takes over, and comes back", async (t) => {
	const { server, clock, leading, history, candidate } = setUp();
	candidate(t, "a");
	await clock.advance(4_000);
	server.failNext(new Error("no road"), { times: 10 });
	await clock.advance(10_001);
	t.is(leading.size, 0);
	await clock.advance(60_000);
	t.deepEqual(history, ["a", "a"]);
});

test("a lease that somebody else has taken is lost at once", async (t) => {
	const { server, clock, leading, candidate, held } = setUp();
	candidate(t, "a");
	await clock.advance(3_000);
	const client = createClient(server);
	const taken = await client.get(Lease, lease);
	await client.update(Lease, {
		...taken,
		spec: { ...taken.spec, holderIdentity: "thief", leaseDurationSeconds: 3_600 },
	});
	await clock.advance(2_001);
	t.is(leading.size, 0);
	await clock.advance(600_000);
	t.is(held()?.holderIdentity, "thief");
});

test("a job that fails ends the leadership with its error", async (t) => {
	const { server, clock, held } = setUp();
	const running = runLeader({
		client: createClient(server),
		clock,
		log: silentLogger,
		signal: new AbortController().signal,
		identity: "a",
		lease,
		lead: async () => {
			throw new Error("the job broke");
		},
	});
	await t.throwsAsync(running, { message: "the job broke" });
	t.is(held()?.holderIdentity, "");
	t.is(clock.pending, 0);
});
