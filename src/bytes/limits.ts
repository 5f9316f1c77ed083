/** Every bound of kflow, by name. Each has a test that reaches it, and reaching one is reported. */
export const limits = {
  /** Captured bytes of one frame; more means a damaged record. */
  frameBytes: 262_144,
  /** A pcapng packet or interface block; a longer one ends the reading. Other blocks are passed over unread. */
  blockBytes: 16 * 1024 * 1024,
  /** Blocks of pcapng that describe the capture; a longer one is passed over. */
  describingBytes: 1024 * 1024,
  /** Addresses to which a capture gives names. */
  namedAddresses: 1_024,
  /** Interfaces of one pcapng section. */
  interfaces: 65_536,
  /** Interfaces of which the file's own words are kept; the later ones are read, but not described. */
  namedInterfaces: 256,
  /** Addresses of one kind that are kept of one interface. */
  interfaceAddresses: 64,
  /** Points at which a capture saw its packets, of which the names are kept. */
  namedPoints: 256,
  /** Event trace logs: buffers that are read, 44 bytes of index each, and bytes of one, decompressed. */
  traceBuffers: 524_288,
  traceBufferBytes: 64 * 1024 * 1024,
  /** Buffers whose times overlap, read at once, 264 KiB each: one for every processor. Others come when one is done. */
  openTraceBuffers: 512,
  /** Places looked at for the next buffer behind damaged ones. */
  traceResyncs: 256,
  /** Records of unknown kinds in a row, before a buffer is given up. */
  unknownTraceRecords: 1_000,
  /** Packets and bytes that wait until one that began before them, and came in pieces, is complete. */
  joinedPackets: 1_024,
  joinedBytes: 4 * 1024 * 1024,
  /** Names that an event trace log gives to components and to reasons, and characters of each. */
  traceNames: 4_096,
  traceNameCharacters: 256,
  /** Reasons for which Windows threw packets away, told apart. */
  discardReasons: 64,
  /** Comments kept of one capture, and characters of each. */
  comments: 256,
  commentCharacters: 1_024,
  /** Processes that a capture names, and characters of the name of a program. */
  processes: 65_536,
  programCharacters: 128,
  /** Bytes that one compressed input may inflate to. */
  inflatedBytes: 16 * 1024 * 1024 * 1024,
  /** Inflated bytes per compressed byte, looked at once `inflatedFreely` bytes came out. */
  inflationRatio: 1_000,
  inflatedFreely: 64 * 1024 * 1024,
  /** Compressions inside one another that are undone. */
  compressionDepth: 2,
  /** How far back the repetitions of zstd and xz may reach, and with it what is kept of their output. */
  windowBytes: 128 * 1024 * 1024,
  /** Entries of an archive that are looked at, bytes of its directory, and of one name in a tar archive. */
  archiveMembers: 4_096,
  archiveDirectoryBytes: 16 * 1024 * 1024,
  archiveNameBytes: 65_536,
  /** Bytes unpacked of a cabinet to look whether its files are captures; event traces by their name are looked at anyway. */
  archiveLookBytes: 64 * 1024 * 1024,
  /** Temporary copy of a pipe or a compressed input whose format needs seeking; as much of it stays in memory. */
  spooledBytes: 4 * 1024 * 1024 * 1024,
  spooledInMemory: 16 * 1024 * 1024,
  /** The file name, or the comment, in the header of one gzip member. */
  gzipTextBytes: 65_536,
  /** Captures read together as one. */
  captures: 512,
  /** Changes from one of several captures to another that are remembered, 12 bytes each; then reading ends. */
  captureChanges: 8 * 1024 * 1024,
  /** Captures of which the clocks are compared, bytes read of each, and packets noted of each. */
  clockSampleCaptures: 8,
  clockSampleBytes: 32 * 1024 * 1024,
  clockSightings: 8_192,
  /** Packets remembered to leave out those that another point of the capture shows as well, and points compared. */
  repeatedPackets: 131_072,
  comparedPoints: 65_536,
  /** Frames whose process is remembered, and frames that the captured host dropped. */
  processFrames: 16_384,
  droppedFrames: 16_384,
  /** Link and tunnel headers inside one another. */
  encapsulation: 16,

  /** TCP flows remembered at once, 40 to 76 bytes each: those that ended leave first, then SYNs, then the idlest. */
  flows: 262_144,
  /** IPv6 addresses remembered at once. */
  ipv6Addresses: 262_144,
  /** Unanswered connections of which more than the first SYN is listed. */
  repeatedSyns: 65_536,
  /** Recognised streams open at once. */
  streams: 16_384,
  /** Of these, at rest: from so many on each lends its objects to another, and is kept as numbers. */
  awakeStreams: 1_024,
  /** Data segments of an unrecognised flow in which a known protocol is looked for. */
  recognitionTries: 16,
  /** Out-of-order segments held per direction before the hole is given up. */
  outOfOrderSegments: 64,
  outOfOrderBytes: 65_536,
  /** Bytes of all streams waiting for the rest of a message or for a hole to fill. */
  reassemblyBytes: 16 * 1024 * 1024,
  /** Seconds of capture time. */
  idleTcpSeconds: 300,
  idleSynSeconds: 75,
  closedTcpSeconds: 5,
  fragmentSeconds: 30,
  fragmentBytes: 16 * 1024 * 1024,
  fragmentDatagrams: 4_096,
  datagramBytes: 65_535,
  /** ARP targets waiting for an answer at once. */
  neighbours: 4_096,
  /** Seconds of capture time that an ARP target has to answer. */
  neighbourSeconds: 5,
  /** Addresses whose peers are remembered. */
  hosts: 262_144,

  /** Bytes of all messages whose rest has not come yet; the one that waits longest is given up first. */
  waitingBytes: 8 * 1024 * 1024,
  /** Bytes of buffers kept for the next message. */
  spareBytes: 1024 * 1024,
  /** Frames listed for one message. */
  framesPerMessage: 64,
  /** A Kerberos message over TCP. */
  kerberosBytes: 65_536,
  /** An LDAP message over TCP of which something is read; any other, which is passed over. */
  ldapBytes: 65_536,
  ldapMessageBytes: 16 * 1024 * 1024,
  /** Bytes kept of one text in LDAP. */
  ldapTextBytes: 1_024,
  /** Searches told of one LDAP connection before somebody logs on. */
  ldapSearches: 32,
  /** A message of SQL Server's protocol, packets of it, characters kept of one name or text, errors of one answer. */
  tdsBytes: 131_072,
  tdsPackets: 64,
  tdsNameCharacters: 512,
  tdsErrors: 8,
  dnsMessageBytes: 65_535,
  /** Owner names of the records of one message: a large domain lists hundreds of controllers. */
  dnsNames: 2_048,
  dnsNameBytes: 255,
  dnsPointerJumps: 64,
  httpHeaderBytes: 65_536,
  /** Characters kept of one header field, request target or reason. */
  httpFieldCharacters: 2_048,
  /** Challenges of one response that are looked at; servers send half a dozen. */
  httpChallenges: 64,
  /** Base64 characters of one token. */
  tokenCharacters: 65_536,
  /** An HTTP message is told when its body is complete, at the latest after so many seconds and bytes of body. */
  httpHeldSeconds: 5,
  httpHeldBytes: 1024 * 1024,
  /** The size line of one chunk with its extensions. */
  httpChunkLineBytes: 4_096,
  /** A ClientHello with the headers of its records. */
  clientHelloBytes: 16_384,
  /** One message of SMB that belongs to a login: a longer one is passed over. */
  smbMessageBytes: 131_072,
  /** Dialects of one NEGOTIATE of SMB1. */
  smbDialects: 64,
  /** Requests waiting for their response on one HTTP connection. */
  pipelinedRequests: 256,
  /** Texts of names read lately, of which equal ones are shared, and bytes of the longest that may be; a power of two. */
  sharedTexts: 16_384,
  sharedTextBytes: 256,
  /** Lists (etypes, types of padata, mechanisms) read lately, of which equal ones are shared, and the longest of numbers; a power of two. */
  sharedLists: 256,
  sharedListNumbers: 32,
  /** Names of principals read lately, found again by their bytes; a power of two. */
  sharedPrincipals: 4_096,
  /** Tickets of which the cipher is known again without a digest, and bytes of the longest such cipher. */
  sharedTickets: 64,
  sharedTicketBytes: 2_048,
  /** Questions and records of DNS read lately, of which equal ones are shared; powers of two. Bytes of the longest such question: a multiple of four. */
  sharedQuestions: 2_048,
  sharedQuestionBytes: 124,
  sharedRecords: 4_096,
  derDepth: 16,
  derElements: 512,
  /** Tokens inside tokens. */
  tokenDepth: 4,

  /** `kflow info`: hosts listed, and names of one of them. */
  inventoryHosts: 4_096,
  namesPerHost: 16,
  /** `kflow decode`: characters of pasted text, tokens in it, elements shown of one token, faults told of one. */
  pastedCharacters: 1024 * 1024,
  decodedTokens: 32,
  decodedElements: 2_000,
  decodedFaults: 16,

  /** Problems told one by one; the rest is counted. */
  problems: 200,
  /** Lines of advice kept as commands, and characters of the longest. */
  rememberedCommands: 1_024,
  rememberedCommandCharacters: 256,
  /** Names of members at one depth of the JSON report that are kept as they are written. */
  memberNames: 1_024,

  /** Clients whose evidence is kept open at once. */
  openClients: 2_048,
  /** Clients whose every question was answered well stay for latecomers until so many others came or had news. */
  settledClients: 256,
  /** The same for clients that were answered with a refusal: they may try again. */
  answeredClients: 768,
  /** Pieces of evidence kept of one client. */
  evidencePerClient: 2_048,
  /** Frames of the evidence of all open clients together. */
  evidenceFrames: 32_768,
  /** Bytes of the messages in it, roughly, and of those of one client: ordinary ones weigh 330 a frame, long names and lists more. */
  evidenceBytes: 12 * 1024 * 1024,
  clientBytes: 4 * 1024 * 1024,
  /** Hosts whose clocks are compared with the capture's, and frames cited of one. */
  clocks: 4_096,
  framesPerClock: 8,
  /** Seconds without evidence after which a client's sequences are closed. */
  quietSeconds: 300,
  /** Failed look-ups, connections and unchallenged exchanges kept for promotion. */
  weakCandidates: 1_000,
  /** Pieces of evidence kept for these. */
  weakEvidence: 32_768,
  /** Bytes of the messages among these. */
  weakBytes: 4 * 1024 * 1024,
  promotedCandidates: 10,
  /** Tickets of which it is remembered where they came from: those used last, and at least half as many. */
  ticketsRemembered: 16_384,
  /** Tickets told of one sequence. */
  ticketsPerSequence: 64,
  /** Services whose keys are compared over the whole capture, keys of each, and hosts named of one key. */
  servicesCompared: 4_096,
  keysPerService: 8,
  hostsPerKey: 8,
  /** Clients at hosts whose services are compared with one another. */
  isolatedHosts: 4_096,
  /** Clients that offer weak encryption types alone, and accounts whose keys are of such types. */
  weakHosts: 1_024,
  weakAccounts: 1_024,
  /** Services told of whose keys differ. */
  keyFindings: 16,
  /** Tickets remembered to find whose login a delegated request serves. */
  ticketsFollowed: 4_096,
  /** Servers of which the logins are remembered for the same, logins of one, and requests of one login. */
  frontServers: 1_024,
  frontLogins: 256,
  frontWaits: 32,
  /** Closed sequences held back to restore the order of first frames. */
  reorderWindow: 256,
  /** Attempts and ticket requests in them, and bytes of the messages that they stand on. */
  reorderAttempts: 16_384,
  reorderBytes: 8 * 1024 * 1024,
  /** Frames listed for one step or finding: the first and the last 32. */
  framesPerStep: 64,

  /** Entries of event logs told of one sequence: the first and the last. */
  eventsPerSequence: 16,

  /** Sequences that the text report holds back so that its verdict can come first. */
  heldSequences: 50,
  /** Characters shown of one string in a text report. */
  shownCharacters: 2_000,
} as const;
