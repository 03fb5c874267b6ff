import test from "ava";
import { listeningPorts } from "./listening-ports.ts";

test("only listening sockets count", (t) => {
	const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0B59590A:280A 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0 0 10 0
   1: 0B59590A:9C40 0A59590A:192B 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0 20 4 30 10 -1
`;
	t.deepEqual(listeningPorts(table), [10_250]);
	t.deepEqual(listeningPorts(""), []);
});
