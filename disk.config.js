// Unit tests that open the embedded store: each file in a process of its own, because lmdb does not survive that a worker
// thread which has loaded it ends while another one uses it.
export default {
	files: ["packages/*/src/**/*.disk.test.ts"],
	extensions: ["ts"],
	workerThreads: false,
	timeout: "60s",
};
