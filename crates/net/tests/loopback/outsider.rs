//! Somebody who speaks the protocol by hand, and can do it wrongly.

use copact_net::{Address, Membership};
use copact_sync::greeting::{Channel, Dialer};
use iroh::endpoint::{Connection, ConnectionError, RecvStream, SendStream, presets};
use iroh::{Endpoint, EndpointAddr, EndpointId, SecretKey, TransportAddr};
use tokio::runtime::Runtime;
use tokio::time::timeout;

use crate::world::PATIENCE;

pub const SYNC: &[u8] = b"copact/sync/1";

pub struct Outsider {
    pub runtime: Runtime,
    pub endpoint: Endpoint,
}

/// A greeted stream.
pub struct Greeted {
    pub connection: Connection,
    pub send: SendStream,
    /// Held, so that the other side is not stopped from sending.
    pub _recv: RecvStream,
}

impl Outsider {
    /// At a loopback address of its own: 127.0.0.`last`.
    pub fn new(seed: u8, last: u8) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.unwrap();
        let endpoint = runtime.block_on(async {
            Endpoint::builder(presets::Minimal)
                .secret_key(SecretKey::from_bytes(&[seed; 32]))
                .clear_ip_transports()
                .bind_addr(format!("127.0.0.{last}:0"))
                .unwrap()
                .bind()
                .await
                .unwrap()
        });
        Self { runtime, endpoint }
    }

    /// Runs something to its end, which must come.
    #[track_caller]
    pub fn run<T>(&self, what: impl Future<Output = T>) -> T {
        self.runtime.block_on(async { timeout(PATIENCE, what).await }).expect("in time")
    }

    #[track_caller]
    pub fn connect(&self, to: &Address, alpn: &[u8]) -> Connection {
        self.run(self.endpoint.connect(iroh_address(to), alpn)).unwrap()
    }

    /// Connects and greets as a member.
    #[track_caller]
    pub fn greet(&self, to: &Address, mine: &Membership) -> Greeted {
        self.greet_as(to, mine, 9)
    }

    /// As a run of the network of its own.
    #[track_caller]
    pub fn greet_as(&self, to: &Address, mine: &Membership, run: u8) -> Greeted {
        let connection = self.connect(to, SYNC);
        let (send, recv) = self.run(greet(&connection, mine, [run; 16]));
        Greeted { connection, send, _recv: recv }
    }
}

pub fn iroh_address(to: &Address) -> EndpointAddr {
    let id = EndpointId::from_bytes(&to.endpoint).unwrap();
    EndpointAddr::from_parts(id, to.at.iter().copied().map(TransportAddr::Ip))
}

async fn greet(
    connection: &Connection,
    mine: &Membership,
    run: [u8; 16],
) -> (SendStream, RecvStream) {
    let (mut send, mut recv) = connection.open_bi().await.unwrap();
    let mut exporter = [0; 32];
    connection.export_keying_material(&mut exporter, b"copact peers 1", b"").unwrap();
    let channel = Channel { exporter, stream: send.id().into() };
    let mine = [mine.clone()];
    let (dialer, call) = Dialer::call(channel, &mine, &[5; 32]).unwrap();
    write(&mut send, &call).await;
    let (called, proof) = dialer.prove(&read(&mut recv).await).unwrap();
    write(&mut send, &proof).await;
    let met = called.met(&read(&mut recv).await).unwrap();
    if mine[0].device.public() < met.peer {
        read(&mut recv).await;
        write(&mut send, &[&[1], run.as_slice()].concat()).await;
    } else {
        write(&mut send, &run).await;
        assert_eq!(read(&mut recv).await[0], 1);
    }
    (send, recv)
}

pub async fn write(send: &mut SendStream, message: &[u8]) {
    let length = u32::try_from(message.len()).unwrap().to_be_bytes();
    send.write_all(&length).await.unwrap();
    send.write_all(message).await.unwrap();
}

pub async fn read(recv: &mut RecvStream) -> Vec<u8> {
    let mut length = [0; 4];
    recv.read_exact(&mut length).await.unwrap();
    let mut message = vec![0; usize::try_from(u32::from_be_bytes(length)).unwrap()];
    recv.read_exact(&mut message).await.unwrap();
    message
}

/// The code and the words that the other side closed with.
#[track_caller]
pub fn closed_with(error: ConnectionError) -> (u64, String) {
    match error {
        ConnectionError::ApplicationClosed(close) => {
            (close.error_code.into_inner(), String::from_utf8(close.reason.to_vec()).unwrap())
        }
        other => panic!("not closed by the other side, but: {other}"),
    }
}
