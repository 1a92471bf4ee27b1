"""Writes a line of JSON for each TCP packet on loopback that has one of the given ports; see packet-capture.ts.

An AF_PACKET socket (packet(7)) with a classic BPF filter on both port fields; it needs CAP_NET_RAW. Bound to IPv4 alone it
sees what comes in, so each packet on loopback once.
"""
import ctypes
import json
import socket
import struct
import sys

ETH_P_IP = 0x0800
SO_ATTACH_FILTER = 26
FLAGS = [(0x02, "SYN"), (0x10, "ACK"), (0x08, "PSH"), (0x01, "FIN"), (0x04, "RST")]


def attach_filter(sock, ports):
    """IPv4, TCP, and one of the ports as source or destination; everything else is not even copied."""
    program = [(0x28, 0, 0, 12), (0x15, 0, 0, ETH_P_IP), (0x30, 0, 0, 23), (0x15, 0, 0, 6), (0xB1, 0, 0, 14)]
    for offset in (14, 16):
        program.append((0x48, 0, 0, offset))
        program += [(0x15, 0, 0, port) for port in ports]
    refuse, accept = len(program), len(program) + 1
    program += [(0x06, 0, 0, 0), (0x06, 0, 0, 0xFFFF)]
    for index, (code, _, _, k) in enumerate(program):
        if code == 0x15:
            found = accept if index > 4 else index + 1
            other = index + 1 if index > 4 else refuse
            program[index] = (code, found - index - 1, other - index - 1, k)
    packed = b"".join(struct.pack("HBBI", *instruction) for instruction in program)
    buffer = ctypes.create_string_buffer(packed)
    sock.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("HL", len(program), ctypes.addressof(buffer)))


def describe(frame):
    header = (frame[14] & 0x0F) * 4
    length = struct.unpack("!H", frame[16:18])[0]
    tcp = 14 + header
    source, target, seq, ack, offset, flags, window = struct.unpack("!HHIIBBH", frame[tcp : tcp + 16])
    return {
        "from": source,
        "to": target,
        "flags": [name for bit, name in FLAGS if flags & bit],
        "bytes": length - header - (offset >> 4) * 4,
        "window": window,
    }


def main():
    ports = [int(port) for port in sys.argv[1:]]
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    attach_filter(sock, ports)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    sock.bind(("lo", ETH_P_IP))
    print("ready", flush=True)
    while True:
        print(json.dumps(describe(sock.recv(256))), flush=True)


main()
