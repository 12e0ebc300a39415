// The same mail by nodemailer with a pool of ten connections: node sending.mjs LETTERS.json PORT NUMBER
// It prints JSON, as sending_ours does.

import { readFileSync } from "node:fs";
import nodemailer from "nodemailer";

const [letters, port, number] = process.argv.slice(2);
const mail = JSON.parse(readFileSync(letters, "utf8"));
const readers = mail.recipients.slice(0, Number(number));
const connections = 10;

const filled = (text, reader) =>
  ["name", "organisation", "email", "unsubscribe"].reduce(
    (done, name) => done.replaceAll(`@@${name}@@`, reader[name]),
    text,
  );
const address = ([name, email]) => ({ name, address: email });

const transport = nodemailer.createTransport({
  host: "127.0.0.1",
  port: Number(port),
  pool: true,
  maxConnections: connections,
  maxMessages: Infinity,
  ignoreTLS: true,
});

let next = 0;
const work = async () => {
  while (next < readers.length) {
    const reader = readers[next++];
    await transport.sendMail({
      from: address(mail.sender),
      replyTo: address(mail.reply_to),
      to: reader.email,
      subject: filled(mail.subject, reader),
      messageId: reader.message_id,
      text: filled(mail.text, reader),
      html: filled(mail.html, reader),
      headers: {
        ...mail.headers,
        "List-Unsubscribe": `<${reader.unsubscribe}>, <${mail.leave_by_mail}${reader.token}>`,
      },
    });
  }
};

const cpu = process.cpuUsage();
const wall = process.hrtime.bigint();
await Promise.all(Array.from({ length: connections * 2 }, work));
const seconds = Number(process.hrtime.bigint() - wall) / 1e9;
const used = process.cpuUsage(cpu);
transport.close();
const taken = { messages: readers.length, seconds, cpu: (used.user + used.system) / 1e6, peak: 0 };
console.log(JSON.stringify(taken));
