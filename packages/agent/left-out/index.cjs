// See docs/decisions/0017-the-docker-client-without-ssh-and-grpc.md.
module.exports = {};
