#!/bin/sh
# What every script here begins with, so that it says the same on every machine.
sysctl -q net.ipv4.tcp_rmem="4096 131072 6291456"
sysctl -q net.ipv4.tcp_wmem="4096 16384 4194304"
sysctl -q net.ipv4.tcp_timestamps=0
sysctl -q net.ipv4.tcp_sack=1
sysctl -q net.ipv4.tcp_ecn=0
sysctl -q net.ipv4.tcp_congestion_control=reno
sysctl -q net.ipv4.tcp_syn_retries=6
sysctl -q net.ipv4.tcp_invalid_ratelimit=500
