//! Real sockets, one call at a time, over WebSocket.
