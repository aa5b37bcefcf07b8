//! From options to a running server: the only place that knows both the server and the rooms.

use crate::clock::Clock;
use crate::github::Github;
use crate::salesforce::Salesforce;
use crate::shop::Shop;
use crate::stripe::Stripe;
use crate::{Error, Options, Room, Server};

impl Server {
    /// Starts a server with the data of these options.
    ///
    /// # Errors
    /// An option cannot be used, the port is taken, or the fault script is not valid.
    pub fn start(options: Options) -> Result<Self, Error> {
        if let Some(Room::Shop(command)) = &options.room {
            return Self::serve(Box::new(Shop::new(&command.shop)), &command.serve);
        }
        if let Some(Room::Stripe(command)) = &options.room {
            let now = Clock::new(command.serve.date, command.serve.still).seconds();
            return Self::serve(Box::new(Stripe::new(&command.stripe, now)?), &command.serve);
        }
        if let Some(Room::Salesforce(command)) = &options.room {
            let mut serve = command.serve.clone();
            serve.date = serve.date.or(command.salesforce.now);
            let now = Clock::new(serve.date, serve.still).seconds();
            return Self::serve(Box::new(Salesforce::new(&command.salesforce, now)?), &serve);
        }
        let github = Github::new(&options.github)?;
        Self::serve(Box::new(github), &options.serve)
    }
}
