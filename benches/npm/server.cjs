// What the desk's sockets are measured beside: npm's socket.io server with one room. Takes a JSON line {count, message: [name,
// data]} and sends the message so many times, each under an event_id of its own; says where it listens and when it has sent.
"use strict";

const { createServer } = require("node:http");
const { createInterface } = require("node:readline");
const { Server } = require(`${process.argv[2]}/node_modules/socket.io`);

const http = createServer();
const io = new Server(http, { transports: ["websocket"], serveClient: false });

io.on("connection", (socket) => {
  socket.on("subscribe_ticket", (ticket, answer) => {
    socket.join("ticket");
    answer({ ok: true });
  });
  socket.emit("ready", { cursor: "" });
});

const send = (count, [name, data]) => {
  let sent = 0;
  const next = () => {
    if (sent === count) return console.log("sent");
    io.to("ticket").emit(name, { ...data, event_id: String(sent).padStart(36, "0") });
    sent += 1;
    setImmediate(next);
  };
  next();
};

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const { count, message } = JSON.parse(line);
    send(count, message);
  })
  .on("close", () => process.exit(0));

http.listen(0, "127.0.0.1", () => console.log(`127.0.0.1:${http.address().port}`));
