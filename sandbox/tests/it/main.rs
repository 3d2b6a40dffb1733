//! The practice Discord, talked to by plain clients over real TLS and a real websocket.

#[cfg(test)]
mod api;
#[cfg(test)]
mod conversations;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod gateway;
#[cfg(test)]
mod interactions;
#[cfg(test)]
mod judging;
#[cfg(test)]
mod messages;
#[cfg(test)]
mod pieces;
#[cfg(test)]
mod registering;
#[cfg(test)]
#[allow(dead_code, reason = "shared with the page's tests, which need what these do not")]
mod support;
