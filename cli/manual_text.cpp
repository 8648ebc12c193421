// The sections that no table of options can give.
#include "cli/manual_text.hpp"

namespace mentat_sync::manual_text {

const char* const description = R"(.B mentat\-sync
stores strictly ordered logs for many users and hands them to their devices over HTTP.
A device uploads chunks and transactions, and publishes them by moving HEAD, which only moves
forward: whoever moves it second is told so, and nothing is lost or interleaved.
An acknowledged write is on disk.
.PP
.B mentat\-sync serve
is the server: one program, one data directory, no database beside it.
The other commands are a client of such a server, or look at and care for a data directory.
.PP
A size is a number of bytes, or has a unit in powers of 1024:
.BR 8MiB ,
.BR 1g .
A duration is a number of seconds, or has a unit:
.BR 500ms ,
.BR 60s ,
.BR 5m ,
.BR 1h ,
.BR 7d .
)";

const char* const environment = R"(A flag wins over its variable, and that over the file of
.BR \-\-config .
An empty variable counts as none.
.TP
.B NOTIFY_SOCKET\fR, \fBWATCHDOG_USEC\fR, \fBLISTEN_FDS
Set by
.BR systemd (1):
the server tells it when it is ready, reloads and stops, answers its watchdog while it can serve,
and takes the sockets that it is handed instead of opening its own.
)";

const char* const end = R"(.SH FILES
.TP
.I /etc/mentat\-sync/mentat\-sync.toml
The file that the packaged service reads.
The keys of its table
.B [serve]
are the names of the options of
.BR "mentat\-sync serve" ,
without the dashes before them.
.TP
.I /var/lib/mentat\-sync
The packaged service's data directory:
.I data.mdb
(the store),
.I lock.mdb
(who reads it), and
.I mentat\-sync.lock
(who serves it).
.SH SIGNALS
Of
.BR "mentat\-sync serve" :
.TP
.BR SIGTERM ", " SIGINT
Drain: no new connections, requests that have begun are answered, and after
.B \-\-drain\-timeout
the rest is closed.
A second one ends the server at once; nothing acknowledged is lost.
.TP
.B SIGHUP
Read tokens, keys and certificates anew, and open the access log's file anew.
A server that was started from a terminal takes it as SIGTERM.
.TP
.B SIGUSR1
Collect garbage now.
.SH EXIT STATUS
.TP
.B 0
Success; a server: ended by a signal, after draining.
.TP
.B 1
Failure: the server could not start, or the server that was asked cannot be reached or refused.
.TP
.B 2
The command line, the environment or the configuration file cannot be used.
.TP
.B 3
A client's HEAD was elsewhere: another one moved it.
.TP
.B 4
The store, or a backup, was looked at and is damaged; or a server under load has lost or mixed up
what it had acknowledged.
.TP
.BR 130 ", " 143
Ended by SIGINT or SIGTERM before it was done; a server: by the second one.
.SH EXAMPLES
Serve on this machine, with the data in a directory of its own:
.PP
.RS
.nf
mentat\-sync serve \-\-listen 127.0.0.1:5013 \-\-data /var/lib/mentat\-sync
.fi
.RE
.PP
Publish a file, and print what is new wherever it comes from:
.PP
.RS
.nf
export MENTAT_SYNC_USER=6f8c1f3e\-2a55\-4c1b\-9d6e\-0c9a4b7d2e10
mentat\-sync push notes.txt
mentat\-sync watch \-\-pull
.fi
.RE
.PP
Move a user's log to another server:
.PP
.RS
.nf
mentat\-sync export | mentat\-sync import \-\-server http://[::1]:5014
.fi
.RE
.SH SEE ALSO
.BR curl (1),
.BR systemd.service (5)
.PP
The documents in
.IR /usr/share/doc/mentat\-sync .
)";

}  // namespace mentat_sync::manual_text
