//! How much processor time the API and PostgreSQL take. On a busy machine this is more reliable than elapsed time. Only on Linux.

use std::fs;

/// The unit in which Linux reports processor time, independent of its kernel's own clock.
const TICKS_A_SECOND: f64 = 100.0;

/// The processes to measure.
#[derive(Clone, Copy)]
pub struct Processes {
    /// The serving program.
    pub server: u32,
    /// The parent of PostgreSQL's processes.
    pub postgres: u32,
}

impl Processes {
    /// How many seconds of processor time the program and PostgreSQL have taken so far, including PostgreSQL's processes that have ended.
    pub fn seconds(self) -> Option<[f64; 2]> {
        let of_server = Process::read(self.server)?.own;
        let parent = Process::read(self.postgres)?;
        let children = fs::read_dir("/proc").ok()?.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        let children = children.filter_map(Process::read).filter(|process| process.parent == self.postgres);
        let of_postgres = parent.own + parent.ended_children + children.map(|child| child.own).sum::<u64>();
        Some([of_server, of_postgres].map(|ticks| ticks as f64 / TICKS_A_SECOND))
    }
}

/// The parent of a process.
pub fn parent_of(process: u32) -> Option<u32> {
    Some(Process::read(process)?.parent)
}

struct Process {
    parent: u32,
    own: u64,
    ended_children: u64,
}

impl Process {
    fn read(process: u32) -> Option<Self> {
        let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        // The name, in brackets, may contain anything; only numbers follow it.
        let numbers: Vec<&str> = text.rsplit_once(") ")?.1.split(' ').collect();
        let ticks = |place: usize| numbers.get(place)?.parse::<u64>().ok();
        Some(Self {
            parent: numbers.get(1)?.parse().ok()?,
            own: ticks(11)? + ticks(12)?,
            ended_children: ticks(13)? + ticks(14)?,
        })
    }
}
