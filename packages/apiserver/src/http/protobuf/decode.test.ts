import { ConfigMap, DeleteOptions, KINDS, Pod, Secret, StatusError, TokenRequest } from "@berth/api";
import test from "ava";
import fc from "fast-check";
import { createProtobufDecoder } from "./decode.ts";

/** Just enough of an encoder to write bodies by hand: `[number, value]`, nested for messages. */
type Wire = readonly (readonly [number, string | number | bigint | Uint8Array | Wire])[];
const varint = (value: bigint): number[] => {
	const bits = BigInt.asUintN(64, value);
	return bits < 128n ? [Number(bits)] : [Number(bits & 127n) | 128, ...varint(bits >> 7n)];
};
function encode(fields: Wire): Uint8Array {
	return Uint8Array.from(
		fields.flatMap(([number, value]) => {
			if (typeof value === "number" || typeof value === "bigint")
				return [...varint(BigInt(number << 3)), ...varint(BigInt(value))];
			const bytes =
				typeof value === "string" ? Buffer.from(value) : value instanceof Uint8Array ? value : encode(value);
			return [...varint(BigInt((number << 3) | 2)), ...varint(BigInt(bytes.length)), ...bytes];
		}),
	);
}
const body = (apiVersion: string, kind: string, fields: Wire): Uint8Array =>
	Uint8Array.from([
		0x6b,
		0x38,
		0x73,
		0,
		...encode([
			[
				1,
				[
					[1, apiVersion],
					[2, kind],
				],
			],
			[2, encode(fields)],
		]),
	]);
const lookup = (apiVersion: string, kind: string) =>
	kind === "DeleteOptions"
		? DeleteOptions
		: KINDS.find((known) => known.kind === kind && known.apiVersion === apiVersion)?.schema;
const decode = (bytes: Uint8Array) => createProtobufDecoder(lookup).decode(bytes);

test("maps, bytes, and metadata; what was never set is not there", (t) => {
	const metadata: Wire = [
		[1, "c"],
		[2, ""],
		[3, "default"],
		[7, 0],
		[8, []],
		[
			11,
			[
				[1, "k"],
				[2, "v"],
			],
		],
	];
	t.deepEqual(
		decode(
			body("v1", ConfigMap.kind, [
				[1, metadata],
				[
					2,
					[
						[1, "a"],
						[2, "b"],
					],
				],
				[
					3,
					[
						[1, "bin"],
						[2, "x"],
					],
				],
			]),
		),
		{
			apiVersion: "v1",
			kind: "ConfigMap",
			metadata: { name: "c", namespace: "default", labels: { k: "v" } },
			data: { a: "b" },
			binaryData: { bin: "eA==" },
		},
	);
	t.deepEqual(
		decode(
			body("v1", Secret.kind, [
				[1, []],
				[
					2,
					[
						[1, "k"],
						[2, Uint8Array.from([255])],
					],
				],
			]),
		),
		{
			apiVersion: "v1",
			kind: "Secret",
			metadata: {},
			data: { k: "/w==" },
		},
	);
});

test("pods: inlined structures, quantities, numbers or names, pointers to zero", (t) => {
	const httpGet: Wire = [
		[1, "/"],
		[
			2,
			[
				[1, 1],
				[2, 0],
				[3, "http"],
			],
		],
	];
	const container: Wire = [
		[1, "c"],
		[2, "nginx"],
		[
			8,
			[
				[
					2,
					[
						[1, "cpu"],
						[2, [[1, "100m"]]],
					],
				],
			],
		],
		[
			10,
			[
				[1, [[2, httpGet]]],
				[2, 5],
				[3, 0],
			],
		],
		[
			7,
			[
				[1, "A"],
				[
					3,
					[
						[
							3,
							[
								[1, [[1, "map"]]],
								[2, "key"],
								[3, 0],
							],
						],
					],
				],
			],
		],
	];
	const volume: Wire = [
		[1, "v"],
		[2, [[2, []]]],
	];
	const pod = decode(
		body("v1", Pod.kind, [
			[1, [[1, "p"]]],
			[
				2,
				[
					[1, volume],
					[2, container],
					[4, 0],
					[11, 0],
				],
			],
		]),
	);
	t.deepEqual(pod, {
		apiVersion: "v1",
		kind: "Pod",
		metadata: { name: "p" },
		spec: {
			volumes: [{ name: "v", emptyDir: {} }],
			containers: [
				{
					name: "c",
					image: "nginx",
					resources: { requests: { cpu: "100m" } },
					livenessProbe: { httpGet: { path: "/", port: "http" }, initialDelaySeconds: 5 },
					env: [{ name: "A", valueFrom: { configMapKeyRef: { name: "map", key: "key", optional: false } } }],
				},
			],
			terminationGracePeriodSeconds: 0,
		},
	});
});

test("delete options keep the zero that was meant; times and negative numbers", (t) => {
	t.deepEqual(
		decode(
			body("v1", "DeleteOptions", [
				[1, 0],
				[4, "Foreground"],
			]),
		),
		{
			apiVersion: "v1",
			kind: "DeleteOptions",
			gracePeriodSeconds: 0,
			propagationPolicy: "Foreground",
		},
	);
	const status: Wire = [
		[1, "t"],
		[
			2,
			[
				[1, 1_700_000_000n],
				[2, 0],
			],
		],
	];
	const spec: Wire = [
		[1, "a"],
		[1, "b"],
		[4, -1n],
	];
	const request = decode(
		body(TokenRequest.apiVersion, TokenRequest.kind, [
			[1, []],
			[2, spec],
			[3, status],
		]),
	);
	t.like(request, {
		spec: { audiences: ["a", "b"], expirationSeconds: -1 },
		status: { token: "t", expirationTimestamp: "2023-11-14T22:13:20Z" },
	});
});

test("fields of later versions are passed over; foreign kinds are named", (t) => {
	t.deepEqual(
		decode(
			body("v1", "ConfigMap", [
				[999, "new"],
				[998, 3],
			]),
		),
		{ apiVersion: "v1", kind: "ConfigMap" },
	);
	t.throws(() => decode(body("v9", "Boat", [])), {
		message: 'no kind "Boat" is registered for version "v9"',
	});
});

test("bytes that are nothing are refused, whatever they are", (t) => {
	const whole = body("v1", "Pod", [
		[1, [[1, "p"]]],
		[2, [[2, [[1, "c"]]]]],
	]);
	const pieces = fc.oneof(
		fc.uint8Array(),
		fc.uint8Array().map((bytes) => Uint8Array.from([0x6b, 0x38, 0x73, 0, ...bytes])),
		fc.tuple(fc.nat(whole.length - 1), fc.nat(255)).map(([at, byte]) => whole.with(at, byte)),
		fc.nat(whole.length).map((length) => whole.subarray(0, length)),
		fc.uint8Array().map((bytes) =>
			body("v1", "Pod", [
				[2, bytes],
				[1, bytes],
			]),
		),
	);
	fc.assert(
		fc.property(pieces, (bytes) => {
			try {
				return typeof decode(bytes) === "object";
			} catch (error) {
				return error instanceof StatusError && error.code === 400;
			}
		}),
		{ numRuns: 500 },
	);
	t.pass();
});
