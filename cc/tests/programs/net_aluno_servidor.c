/* Servidor TCP como alunos escrevem: variáveis globais, printf em português, thread por cliente.
 * compile only
 */
#include<stdio.h>
#include<stdlib.h>
#include<string.h>
#include<sys/socket.h>
#include<arpa/inet.h>
#include<unistd.h>
#include<pthread.h>

#define PORTA 8888
#define MAX_CLIENTES 10
#define TAM_BUFFER 2000

typedef struct {
	int socket;
	char nome[50];
	int ativo;
} Cliente;

Cliente clientes[MAX_CLIENTES];
int num_clientes = 0;
pthread_mutex_t mutex_clientes;

void *tratar_cliente(void *);
void enviar_para_todos(char *mensagem, int remetente);

int main(int argc , char *argv[])
{
	int socket_desc , novo_socket , c , *novo_sock;
	struct sockaddr_in servidor , cliente;

	pthread_mutex_init(&mutex_clientes, NULL);
	// cria o socket
	socket_desc = socket(AF_INET , SOCK_STREAM , 0);
	if (socket_desc == -1)
	{
		printf("Nao foi possivel criar o socket");
	}
	servidor.sin_family = AF_INET;
	servidor.sin_addr.s_addr = INADDR_ANY;
	servidor.sin_port = htons( PORTA );

	if( bind(socket_desc,(struct sockaddr *)&servidor , sizeof(servidor)) < 0)
	{
		puts("bind falhou");
		return 1;
	}
	puts("bind ok");
	listen(socket_desc , 3);
	puts("Aguardando conexoes...");
	c = sizeof(struct sockaddr_in);
	while( (novo_socket = accept(socket_desc, (struct sockaddr *)&cliente, (socklen_t*)&c)) )
	{
		puts("Conexao aceita");
		printf("Cliente %s:%d\n", inet_ntoa(cliente.sin_addr), ntohs(cliente.sin_port));
		pthread_t sniffer_thread;
		novo_sock = malloc(1);
		novo_sock = realloc(novo_sock, sizeof *novo_sock);
		*novo_sock = novo_socket;
		if( pthread_create( &sniffer_thread , NULL ,  tratar_cliente , (void*) novo_sock) < 0)
		{
			perror("nao foi possivel criar a thread");
			return 1;
		}
		pthread_detach(sniffer_thread);
	}
	if (novo_socket<0)
	{
		perror("accept falhou");
		return 1;
	}
	return 0;
}

void *tratar_cliente(void *socket_desc)
{
	int sock = *(int*)socket_desc;
	int read_size;
	char *mensagem , mensagem_cliente[TAM_BUFFER];

	mensagem = "Ola! Eu sou a sua thread\n";
	write(sock , mensagem , strlen(mensagem));
	pthread_mutex_lock(&mutex_clientes);
	clientes[num_clientes].socket = sock;
	clientes[num_clientes].ativo = 1;
	sprintf(clientes[num_clientes].nome, "cliente%d", num_clientes);
	num_clientes++;
	pthread_mutex_unlock(&mutex_clientes);
	while( (read_size = recv(sock , mensagem_cliente , TAM_BUFFER - 1 , 0)) > 0 )
	{
		mensagem_cliente[read_size] = '\0';
		enviar_para_todos(mensagem_cliente, sock);
		if (strncmp(mensagem_cliente, "sair", 4) == 0) break;
		memset(mensagem_cliente, 0, TAM_BUFFER);
	}
	if(read_size == 0)
	{
		puts("Cliente desconectou");
		fflush(stdout);
	}
	else if(read_size == -1)
	{
		perror("recv falhou");
	}
	free(socket_desc);
	return 0;
}

void enviar_para_todos(char *mensagem, int remetente)
{
	int i;
	pthread_mutex_lock(&mutex_clientes);
	for (i = 0; i < num_clientes; i++)
		if (clientes[i].ativo && clientes[i].socket != remetente)
			send(clientes[i].socket, mensagem, strlen(mensagem), MSG_NOSIGNAL);
	pthread_mutex_unlock(&mutex_clientes);
}
